import * as React from 'react';
import { useSmext } from '../../components/hooks';
import { useDraft } from './drafts';
import type { Fault } from '../model/faults';
import type { Reading } from '../model/text-values';
import type { LaunchSession } from '../model/session';

interface IFieldProps {
  session: LaunchSession;
  /** Its path in the form. */
  field: string;
  /** By default those of the option. */
  label?: string;
  hint?: React.ReactNode;
  /** A part of something that says itself where it comes from. */
  part?: boolean;
  children: (wiring: Wiring) => React.ReactNode;
}

/** What ties a control to its label and to what is said of it. */
export type Wiring = {
  id: string;
  describedBy: string;
  invalid: boolean;
  disabled: boolean;
};

/** A label, a control, where its value came from, and what is wrong with it. */
export function Field(props: IFieldProps): JSX.Element {
  const { field, session } = props;
  const { hint, label } = wordsOf(props);
  const id = `${React.useId()}-${field}`;
  const fault = session.faultAt(field);
  const describedBy = `${id}-about`;
  const wiring = {
    id,
    describedBy,
    invalid: fault?.level === 'bad',
    disabled: session.fixed(field)
  };
  return (
    <div className="smext-Field" data-field={field}>
      <div className="smext-Field-head">
        <label htmlFor={id}>{label}</label>
        {!props.part && <Origin session={session} field={field} />}
      </div>
      {props.children(wiring)}
      <div id={describedBy}>
        {hint && <span className="smext-Field-hint">{hint}</span>}
        <FaultNote fault={fault} />
      </div>
    </div>
  );
}

/** What a control is called, and what is said of it: by default as the server says it of the option. */
export function wordsOf(
  props: Pick<IFieldProps, 'session' | 'field' | 'label' | 'hint'>
): { label: string; hint: React.ReactNode } {
  const option = props.session.option(props.field);
  return {
    label: props.label ?? option?.label ?? '',
    hint: props.hint ?? option?.help
  };
}

/** Where a value came from. */
export function Origin(props: {
  session: LaunchSession;
  field: string;
}): JSX.Element {
  const { trans } = useSmext();
  const { field, session } = props;
  const source = session.sourceOf(field);
  const text = session.fixed(field)
    ? trans.__('set by your administrator')
    : (source ?? (session.touched(field) ? trans.__('set here') : ''));
  return (
    <span className="smext-Field-source" title={source ?? undefined}>
      {text}
    </span>
  );
}

/** What is wrong. */
export function FaultNote(props: { fault: Fault | null }): JSX.Element | null {
  const { fault } = props;
  return (
    fault && (
      <span className={`smext-Field-fault smext-mod-${fault.level}`}>
        {fault.text}
      </span>
    )
  );
}

/** A box to be ticked, its label behind it. */
export function Switch(props: {
  session: LaunchSession;
  field: string;
  label?: string;
  hint?: React.ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
}): JSX.Element {
  const { field, session } = props;
  const { hint, label } = wordsOf(props);
  const id = `${React.useId()}-${field}`;
  const fault = session.faultAt(field);
  return (
    <div className="smext-Switch" data-field={field}>
      <div className="smext-Check">
        <input
          id={id}
          type="checkbox"
          aria-describedby={`${id}-about`}
          aria-invalid={fault?.level === 'bad'}
          disabled={session.fixed(field)}
          checked={props.checked}
          onChange={event => props.onChange(event.target.checked)}
        />
        <label htmlFor={id}>{label}</label>
        <Origin session={session} field={field} />
      </div>
      <div id={`${id}-about`} className="smext-Switch-about">
        {hint && <span className="smext-Field-hint">{hint}</span>}
        <FaultNote fault={fault} />
      </div>
    </div>
  );
}

/** A plain line of text, taken as it is typed. */
export function TextInput(props: {
  wiring: Wiring;
  value: string;
  onChange: (text: string) => void;
  placeholder?: string;
}): JSX.Element {
  const { describedBy, disabled, id, invalid } = props.wiring;
  return (
    <input
      id={id}
      className="smext-Input"
      aria-describedby={describedBy}
      aria-invalid={invalid}
      disabled={disabled}
      spellCheck={false}
      placeholder={props.placeholder}
      title={props.value}
      value={props.value}
      onChange={event => props.onChange(event.target.value)}
    />
  );
}

/** A line of text that stands for a value, and may not be one yet. */
export function Draft<T>(props: {
  session: LaunchSession;
  field: string;
  wiring: Wiring;
  text: string;
  read: (text: string) => Reading;
  write: (value: T) => string;
  onValue: (value: T) => void;
  lines?: number;
  numeric?: boolean;
  prefix?: string;
  suffix?: string;
  placeholder?: string;
}): JSX.Element {
  const { field, session } = props;
  const [draft, setDraft] = useDraft(session, field, () => ({
    text: props.text,
    /** The value's text when this was typed. */
    sent: props.text
  }));
  // The value may have changed from elsewhere, not by what was typed here.
  const text = props.text === draft.sent ? draft.text : props.text;
  const onChange = (
    event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>
  ) => {
    const typed = event.target.value;
    const reading = props.read(typed);
    if (reading.ok) {
      const value = reading.value as T;
      setDraft({ text: typed, sent: props.write(value) });
      props.onValue(value);
    } else {
      setDraft({ text: typed, sent: props.text });
      session.reject(field, reading);
    }
  };
  const { describedBy, disabled, id, invalid } = props.wiring;
  const shared = {
    id,
    className: 'smext-Input',
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    disabled,
    spellCheck: false,
    placeholder: props.placeholder,
    value: text,
    onChange
  };
  return props.lines ? (
    <textarea {...shared} rows={props.lines} />
  ) : (
    <span className="smext-Suffixed">
      {props.prefix && <span className="smext-muted">{props.prefix}</span>}
      <input {...shared} inputMode={props.numeric ? 'decimal' : undefined} />
      {props.suffix && <span className="smext-muted">{props.suffix}</span>}
    </span>
  );
}

/** One of a few, all of them to be seen. */
export function Segments<T extends string>(props: {
  label: string;
  choices: readonly [T, string][];
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
  small?: boolean;
}): JSX.Element {
  return (
    <div
      className={`smext-Segments${props.small ? ' smext-mod-small' : ''}`}
      role="radiogroup"
      aria-label={props.label}
    >
      {props.choices.map(([each, label]) => (
        <label key={each} className="smext-Segment">
          <input
            type="radio"
            disabled={props.disabled}
            checked={props.value === each}
            onChange={() => props.onChange(each)}
          />
          {label}
        </label>
      ))}
    </div>
  );
}
