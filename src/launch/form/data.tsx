import * as React from 'react';
import type { InputChannel, LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Browse } from '../s3/browse';
import { FaultNote, Field, Origin, TextInput, wordsOf } from './field';
import type { Wiring } from './field';
import { MODES, modeOf } from '../model/job-kind';
import { changed, newInput, newOutput, without } from '../model/rows';
import type { LaunchSession } from '../model/session';

interface IDataProps {
  session: LaunchSession;
  form: LaunchForm;
}

const SCHEME = 's3://';

/** Data of S3 that the run finds in folders. */
export function Inputs({ form, session }: IDataProps): JSX.Element {
  const { trans } = useSmext();
  const { inputs } = form;
  const set = (next: InputChannel[]) => session.set('inputs', next);
  return (
    <Group
      session={session}
      field="inputs"
      add={trans.__('Add an input')}
      onAdd={() => set([...inputs, newInput(inputs)])}
    >
      {inputs.map((input, at) => (
        <Row
          key={at}
          label={trans.__('Input %1', at + 1)}
          remove={trans.__('Remove input %1', at + 1)}
          fixed={session.fixed('inputs')}
          onRemove={() => set(without(inputs, at))}
        >
          <Name
            session={session}
            field={`inputs.${at}.name`}
            value={input.name}
            onChange={name => set(changed(inputs, at, { name }))}
          />
          <Place
            session={session}
            field={`inputs.${at}.uri`}
            label={trans.__('From')}
            browse={trans.__('Browse S3 for input %1', at + 1)}
            value={input.uri}
            onChange={uri => set(changed(inputs, at, { uri }))}
          />
          <Mode
            session={session}
            field={`inputs.${at}.mode`}
            modes={MODES[form.job_kind]}
            value={modeOf(form, input)}
            onChange={mode => set(changed(inputs, at, { mode }))}
          />
        </Row>
      ))}
    </Group>
  );
}

/** Folders that go to S3. */
export function Outputs({ form, session }: IDataProps): JSX.Element {
  const { trans } = useSmext();
  const { outputs } = form;
  const set = (next: LaunchForm['outputs']) => session.set('outputs', next);
  return (
    <Group
      session={session}
      field="outputs"
      add={trans.__('Add an output')}
      onAdd={() => set([...outputs, newOutput(outputs)])}
    >
      {outputs.map((output, at) => (
        <Row
          key={at}
          label={trans.__('Output %1', at + 1)}
          remove={trans.__('Remove output %1', at + 1)}
          fixed={session.fixed('outputs')}
          onRemove={() => set(without(outputs, at))}
        >
          <Name
            session={session}
            field={`outputs.${at}.name`}
            value={output.name}
            onChange={name => set(changed(outputs, at, { name }))}
          />
          <Place
            session={session}
            field={`outputs.${at}.uri`}
            label={trans.__('To')}
            browse={trans.__('Browse S3 for output %1', at + 1)}
            placeholder={trans.__('with the run’s other outputs')}
            value={output.uri}
            onChange={uri => set(changed(outputs, at, { uri }))}
          />
        </Row>
      ))}
    </Group>
  );
}

function Group(props: {
  session: LaunchSession;
  field: 'inputs' | 'outputs';
  add: string;
  onAdd: () => void;
  children: React.ReactNode;
}): JSX.Element {
  const { field, session } = props;
  const { hint, label } = wordsOf(props);
  return (
    <fieldset className="smext-Fieldset" data-field={field}>
      <legend>
        {label} <Origin session={session} field={field} />
      </legend>
      <span className="smext-Field-hint">{hint}</span>
      <FaultNote fault={session.faultAt(field)} />
      {props.children}
      <button
        type="button"
        className="smext-Button"
        disabled={session.fixed(field)}
        onClick={props.onAdd}
      >
        {props.add}
      </button>
    </fieldset>
  );
}

function Row(props: {
  label: string;
  remove: string;
  fixed: boolean;
  onRemove: () => void;
  children: React.ReactNode;
}): JSX.Element {
  return (
    <div className="smext-DataRow" role="group" aria-label={props.label}>
      {props.children}
      <button
        type="button"
        className="smext-Button smext-DataRow-remove"
        aria-label={props.remove}
        disabled={props.fixed}
        onClick={props.onRemove}
      >
        ✕
      </button>
    </div>
  );
}

interface IPartProps {
  session: LaunchSession;
  field: string;
  value: string;
}

function Name(
  props: IPartProps & { onChange: (name: string) => void }
): JSX.Element {
  const { trans } = useSmext();
  const { field, onChange, session, value } = props;
  return (
    <Field part session={session} field={field} label={trans.__('Name')}>
      {wiring => (
        <TextInput wiring={wiring} value={value} onChange={onChange} />
      )}
    </Field>
  );
}

function Place(
  props: IPartProps & {
    label: string;
    browse: string;
    placeholder?: string;
    onChange: (uri: string) => void;
  }
): JSX.Element {
  const { trans } = useSmext();
  const { browse, field, onChange, session, value } = props;
  const [open, setOpen] = React.useState(false);
  const opener = React.useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  const input = (wiring: Wiring) => (
    <span className="smext-Suffixed">
      <TextInput
        wiring={wiring}
        value={value}
        placeholder={props.placeholder ?? SCHEME}
        onChange={onChange}
      />
      <button
        type="button"
        ref={opener}
        className="smext-Button"
        aria-expanded={open}
        title={browse}
        disabled={wiring.disabled}
        onClick={() => setOpen(!open)}
      >
        {trans.__('Browse…')}
      </button>
    </span>
  );
  return (
    <div className="smext-DataRow-place">
      <Field part session={session} field={field} label={props.label}>
        {input}
      </Field>
      {open && (
        <Browse
          uri={value}
          label={browse}
          onChoose={uri => {
            onChange(uri);
            close();
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

function Mode(
  props: IPartProps & {
    modes: readonly InputChannel['mode'][];
    onChange: (mode: InputChannel['mode']) => void;
  }
): JSX.Element {
  const { trans } = useSmext();
  const { field, modes, onChange, session, value } = props;
  return (
    <Field part session={session} field={field} label={trans.__('Mode')}>
      {wiring => (
        <select
          id={wiring.id}
          className="smext-Input"
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          disabled={wiring.disabled}
          title={
            modes.includes('FastFile')
              ? trans.__(
                  'File: copied before the run begins. FastFile: read as it is opened. Pipe: a stream.'
                )
              : trans.__('File: copied before the run begins. Pipe: a stream.')
          }
          value={value}
          onChange={event =>
            onChange(event.target.value as InputChannel['mode'])
          }
        >
          {modes.map(mode => (
            <option key={mode} value={mode}>
              {mode}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
