import * as React from 'react';
import { money, rate } from '../format';
import type { LaunchForm } from '../generated';
import { Choice } from '../parts/choice';
import { useSmext } from '../parts/hooks';
import { Along } from './along';
import { Environment } from './environment';
import { Draft, Field } from './field';
import type { Wiring } from './field';
import { bounded, runtime } from './fields';
import { Parameters } from './parameters';
import type { LaunchSession } from './session';

interface IFormProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** Everything that may be chosen; every field has a value already. */
export function Form(props: IFormProps): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  return (
    <form
      className="smext-Form"
      aria-label={trans.__('What to run')}
      onSubmit={event => event.preventDefault()}
    >
      <JobKinds {...props} />
      <Machine {...props} />
      <div className="smext-Three">
        <Runtime {...props} />
        <Count
          {...props}
          field="instance_count"
          label={trans.__('Machines')}
          high={100}
        />
        <Count
          {...props}
          field="volume_gb"
          label={trans.__('Disk')}
          high={16384}
          suffix="GB"
        />
      </div>
      <Parameters session={session} />
      <Field session={session} field="image" label={trans.__('Image')}>
        {wiring => (
          <Choice
            {...wiring}
            value={form.image}
            options={(session.defaults?.images ?? []).map(image => ({
              value: image.uri,
              label: image.label
            }))}
            onChange={value => session.set('image', value)}
          />
        )}
      </Field>
      <Field session={session} field="role" label={trans.__('Role')}>
        {wiring => (
          <input
            id={wiring.id}
            className="smext-Input"
            aria-describedby={wiring.describedBy}
            aria-invalid={wiring.invalid}
            spellCheck={false}
            title={form.role}
            value={form.role}
            onChange={event => session.set('role', event.target.value)}
          />
        )}
      </Field>
      <Along {...props} />
      <Environment session={session} />
    </form>
  );
}

function JobKinds({ form, session }: IFormProps): JSX.Element {
  const { trans } = useSmext();
  const kinds = Object.keys(session.defaults?.instances ?? {});
  const choose = (kind: string) =>
    session.set('job_kind', kind as LaunchForm['job_kind']);
  return (
    <div
      className="smext-Segments"
      role="radiogroup"
      aria-label={trans.__('Run as')}
    >
      {kinds.map(kind => (
        <label key={kind} className="smext-Segment">
          <input
            type="radio"
            checked={form.job_kind === kind}
            onChange={() => choose(kind)}
          />
          {trans.__('%1 job', kind[0].toUpperCase() + kind.slice(1))}
        </label>
      ))}
    </div>
  );
}

function Machine({ form, session }: IFormProps): JSX.Element {
  const { trans } = useSmext();
  const instances = session.defaults?.instances[form.job_kind] ?? [];
  const options = instances.map(({ name, usd_per_hour }) => ({
    value: name,
    label: name,
    detail: usd_per_hour === null ? trans.__('no price') : rate(usd_per_hour)
  }));
  return (
    <Field
      session={session}
      field="instance_type"
      label={trans.__('Instance type')}
    >
      {wiring => (
        <Choice
          {...wiring}
          value={form.instance_type}
          options={options}
          onChange={value => session.set('instance_type', value)}
        />
      )}
    </Field>
  );
}

function Runtime({ form, session }: IFormProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'max_runtime_seconds';
  const seconds = form.max_runtime_seconds;
  const [hours, setHours] = React.useState(String(Math.floor(seconds / 3600)));
  const [minutes, setMinutes] = React.useState(
    String(Math.round((seconds % 3600) / 60))
  );
  const change = (h: string, m: string) => {
    setHours(h);
    setMinutes(m);
    const reading = runtime(h, m);
    if (reading.ok) {
      session.set(field, reading.value as number);
    } else {
      session.reject(field, reading);
    }
  };
  const most = session.plan?.max_usd;
  const hint =
    most === null || most === undefined
      ? undefined
      : trans.__('= at most %1', money(most));
  return (
    <Field
      session={session}
      field={field}
      label={trans.__('Stop after')}
      hint={hint}
    >
      {wiring => (
        <span className="smext-Suffixed">
          <TimePart
            {...wiring}
            label={trans.__('Longest run, hours')}
            unit={trans.__('h')}
            value={hours}
            onChange={text => change(text, minutes)}
          />
          <TimePart
            {...wiring}
            id={`${wiring.id}-minutes`}
            label={trans.__('Longest run, minutes')}
            unit={trans.__('min')}
            value={minutes}
            onChange={text => change(hours, text)}
          />
        </span>
      )}
    </Field>
  );
}

function TimePart(
  props: Wiring & {
    label: string;
    unit: string;
    value: string;
    onChange: (text: string) => void;
  }
): JSX.Element {
  return (
    <>
      <input
        id={props.id}
        className="smext-Input"
        inputMode="numeric"
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      />
      <span className="smext-muted">{props.unit}</span>
    </>
  );
}

function Count(
  props: IFormProps & {
    field: 'instance_count' | 'volume_gb';
    label: string;
    high: number;
    suffix?: string;
  }
): JSX.Element {
  const { field, form, high, label, session } = props;
  return (
    <Field session={session} field={field} label={label}>
      {wiring => (
        <Draft
          wiring={wiring}
          text={String(form[field])}
          read={text => bounded(text, 1, high)}
          write={String}
          onValue={value => session.set(field, value as number)}
          onFault={reading => session.reject(field, reading)}
          suffix={props.suffix}
          numeric
        />
      )}
    </Field>
  );
}
