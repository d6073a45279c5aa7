import * as React from 'react';
import type { Parameter } from '../../generated';
import { useSmext } from '../../components/hooks';
import type { Wiring } from './field';
import { Draft, FaultNote, Field } from './field';
import { read, written } from '../model/text-values';
import type { LaunchSession } from '../model/session';

/** An editor for every parameter of the notebook, by its type. */
export function Parameters(props: { session: LaunchSession }): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  const parameters = session.defaults?.parameters ?? [];
  if (parameters.length === 0) {
    return (
      <p className="smext-muted">
        {trans.__(
          'No parameters: tag a cell “parameters” to set its variables here.'
        )}
      </p>
    );
  }
  return (
    <fieldset className="smext-Fieldset" data-field="parameters">
      <legend>
        {trans.__('Parameters')}{' '}
        <span className="smext-muted">
          {trans.__('from the cell tagged “parameters”')}
        </span>
      </legend>
      <FaultNote fault={session.faultAt('parameters')} />
      <div className="smext-Two">
        {parameters.map(parameter => (
          <ParameterField
            key={`${parameter.name} ${parameter.type} ${session.resets(parameter.name)}`}
            parameter={parameter}
            session={session}
          />
        ))}
      </div>
    </fieldset>
  );
}

interface IParameterProps {
  parameter: Parameter;
  session: LaunchSession;
}

function ParameterField(props: IParameterProps): JSX.Element {
  const { trans } = useSmext();
  const { parameter, session } = props;
  const { comment, name, type } = parameter;
  const field = `parameters.${name}`;
  const changed =
    name in (session.form?.parameters ?? {}) || session.faultAt(field) !== null;
  const kinds: Partial<Record<Parameter['type'], string>> = {
    str: trans.__('text'),
    expression: trans.__('text'),
    json: trans.__('list or mapping'),
    literal: trans.__('Python literal')
  };
  return (
    <Field
      session={session}
      field={field}
      label={name}
      hint={
        <>
          {[kinds[type] ?? type, comment].filter(Boolean).join(' · ')}{' '}
          {changed && !session.fixed(field) && (
            <button
              type="button"
              className="smext-Link"
              aria-label={trans.__('Use the default of %1', name)}
              title={parameter.default}
              onClick={() => session.resetParameter(name)}
            >
              {trans.__('Use the default')}
            </button>
          )}
        </>
      }
    >
      {wiring => <Control {...props} field={field} wiring={wiring} />}
    </Field>
  );
}

/** What is not changed here is not sent, and stays as the notebook has it. */
function Control(
  props: IParameterProps & { field: string; wiring: Wiring }
): JSX.Element {
  const { parameter, session, wiring } = props;
  const { choices, name, type } = parameter;
  const set = session.form?.parameters ?? {};
  const own = parameter.text ?? '';
  const text = name in set ? written(set[name]) : own;
  const onText = (next: string) =>
    session.setParameter(name, next === own ? null : next);
  if (type === 'bool' && parameter.text !== null && choices.length === 0) {
    return (
      <input
        {...attributes(wiring)}
        type="checkbox"
        checked={isTrue(text)}
        onChange={event => {
          const { checked } = event.target;
          session.setParameter(
            name,
            checked === isTrue(own) ? null : checked ? 'True' : 'False'
          );
        }}
      />
    );
  }
  const few = choices.length > 0 ? choices : type === 'bool' ? BOTH : [];
  if (few.length > 0) {
    const all = [
      ...(parameter.text === null ? [''] : []),
      ...few,
      ...(parameter.optional ? ['None'] : [])
    ];
    return (
      <select
        {...attributes(wiring)}
        className="smext-Input"
        value={text}
        onChange={event => onText(event.target.value)}
      >
        {(all.includes(text) ? all : [text, ...all]).map(each => (
          <option key={each} value={each}>
            {each || parameter.default}
          </option>
        ))}
      </select>
    );
  }
  const long = type === 'json' || type === 'literal' || /\n/.test(text + own);
  return (
    <Draft<string | null>
      session={session}
      field={props.field}
      wiring={wiring}
      text={text}
      read={typed => read(parameter, typed)}
      write={next => next ?? own}
      onValue={next => session.setParameter(name, next)}
      placeholder={parameter.text === null ? parameter.default : undefined}
      lines={
        long ? Math.min(Math.max(text.split('\n').length, 2), 8) : undefined
      }
      numeric={type === 'int' || type === 'float'}
    />
  );
}

const BOTH = ['True', 'False'];

function isTrue(text: string): boolean {
  return /^(true|1|yes)$/i.test(text);
}

function attributes(wiring: Wiring): React.HTMLAttributes<HTMLElement> & {
  disabled: boolean;
} {
  return {
    id: wiring.id,
    'aria-invalid': wiring.invalid,
    'aria-describedby': wiring.describedBy,
    disabled: wiring.disabled
  };
}
