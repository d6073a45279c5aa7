import * as React from 'react';
import { useSmext } from '../parts/hooks';
import type { Reading } from './fields';
import type { LaunchSession } from './session';

interface IFieldProps {
  session: LaunchSession;
  /** Its member of the form. */
  field: string;
  label: string;
  hint?: React.ReactNode;
  children: (wiring: Wiring) => React.ReactNode;
}

/** What ties a control to its label and to what is said of it. */
export type Wiring = { id: string; describedBy: string; invalid: boolean };

/** A label, a control, where its value came from, and what is wrong with it. */
export function Field(props: IFieldProps): JSX.Element {
  const { trans } = useSmext();
  const { field, session } = props;
  const id = `${React.useId()}-${field}`;
  const fault = session.faultAt(field);
  const source = session.sourceOf(field);
  const describedBy = `${id}-about`;
  return (
    <div className="smext-Field" data-field={field}>
      <div className="smext-Field-head">
        <label htmlFor={id}>{props.label}</label>
        <span className="smext-Field-source" title={source ?? undefined}>
          {source ?? (session.touched(field) ? trans.__('set here') : '')}
        </span>
      </div>
      {props.children({ id, describedBy, invalid: fault?.level === 'bad' })}
      <div id={describedBy}>
        {props.hint && <span className="smext-Field-hint">{props.hint}</span>}
        {fault && (
          <span className={`smext-Field-fault smext-mod-${fault.level}`}>
            {fault.text}
          </span>
        )}
      </div>
    </div>
  );
}

/** A line of text that stands for a value, and may not be one yet. */
export function Draft(props: {
  wiring: Wiring;
  text: string;
  read: (text: string) => Reading;
  write: (value: unknown) => string;
  onValue: (value: unknown) => void;
  onFault: (reading: Reading & { ok: false }) => void;
  lines?: number;
  numeric?: boolean;
  suffix?: string;
}): JSX.Element {
  const [text, setText] = React.useState(props.text);
  const sent = React.useRef(props.text);
  React.useEffect(() => {
    // The value has changed from elsewhere, not by what was typed here.
    if (props.text !== sent.current) {
      sent.current = props.text;
      setText(props.text);
    }
  }, [props.text]);
  const onChange = (
    event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>
  ) => {
    setText(event.target.value);
    const reading = props.read(event.target.value);
    if (reading.ok) {
      sent.current = props.write(reading.value);
      props.onValue(reading.value);
    } else {
      props.onFault(reading);
    }
  };
  const { describedBy, id, invalid } = props.wiring;
  const shared = {
    id,
    className: 'smext-Input',
    'aria-describedby': describedBy,
    'aria-invalid': invalid,
    spellCheck: false,
    value: text,
    onChange
  };
  return props.lines ? (
    <textarea {...shared} rows={props.lines} />
  ) : (
    <span className="smext-Suffixed">
      <input {...shared} inputMode={props.numeric ? 'decimal' : undefined} />
      {props.suffix && <span className="smext-muted">{props.suffix}</span>}
    </span>
  );
}
