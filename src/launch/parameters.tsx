import * as React from 'react';
import type { Parameter } from '../generated';
import { useSmext } from '../parts/hooks';
import { Draft, FaultNote, Field } from './field';
import { read, written } from './fields';
import type { LaunchSession } from './session';

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
            key={`${parameter.name} ${parameter.type}`}
            parameter={parameter}
            session={session}
          />
        ))}
      </div>
    </fieldset>
  );
}

function ParameterField(props: {
  parameter: Parameter;
  session: LaunchSession;
}): JSX.Element {
  const { parameter, session } = props;
  const { comment, name, type } = parameter;
  const field = `parameters.${name}`;
  const value = session.form?.parameters[name];
  const onValue = (next: unknown) => session.setParameter(name, next);
  return (
    <Field
      session={session}
      field={field}
      label={name}
      hint={[type, comment].filter(Boolean).join(' · ')}
    >
      {wiring =>
        type === 'bool' ? (
          <input
            id={wiring.id}
            type="checkbox"
            aria-invalid={wiring.invalid}
            disabled={wiring.disabled}
            aria-describedby={wiring.describedBy}
            checked={value === true}
            onChange={event => onValue(event.target.checked)}
          />
        ) : (
          <Draft<unknown>
            session={session}
            field={field}
            wiring={wiring}
            text={written(type, value)}
            read={text => read(type, text)}
            write={next => written(type, next)}
            onValue={onValue}
            lines={type === 'json' ? 2 : undefined}
            numeric={type === 'int' || type === 'float'}
          />
        )
      }
    </Field>
  );
}
