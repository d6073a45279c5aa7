import * as React from 'react';
import type { LaunchForm } from '../../generated';
import { Choice } from '../../components/choice';
import { useSmext } from '../../components/hooks';
import { Along } from './files';
import { Data } from './data';
import { Draft, FaultNote, Field, Segments, TextInput } from './field';
import { bounded } from '../model/text-values';
import { Longest } from './run-limit';
import { Machine } from '../machines/field';
import { Money } from './training-options';
import { Environment, Tags } from './environment-and-tags';
import { Network } from './network';
import { Parameters } from './parameters';
import { Section } from './section';
import type { LaunchSession } from '../model/session';

interface IFormProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** Everything that may be chosen, what matters most first; every field has a value already. */
export function Form(props: IFormProps): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  return (
    <form
      className="smext-Form"
      aria-label={trans.__('What to run')}
      onSubmit={event => event.preventDefault()}
    >
      <JobKinds {...props} />
      <Machine {...props} />
      <div className="smext-Three">
        <Longest {...props} />
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
      <div className="smext-FormSections">
        <ImageAndRole {...props} />
        <Along {...props} />
        <Data {...props} />
        <Money {...props} />
        <Network {...props} />
        <Environment session={session} />
        <Tags session={session} />
      </div>
    </form>
  );
}

function JobKinds({ form, session }: IFormProps): JSX.Element {
  const { trans } = useSmext();
  const kinds = Object.keys(session.defaults?.instances ?? {});
  const choices = kinds.map(kind => [
    kind as LaunchForm['job_kind'],
    trans.__('%1 job', kind[0].toUpperCase() + kind.slice(1))
  ]);
  return (
    <div data-field="job_kind">
      <Segments
        label={trans.__('Run as')}
        choices={choices as [LaunchForm['job_kind'], string][]}
        value={form.job_kind}
        onChange={kind => session.set('job_kind', kind)}
        disabled={session.fixed('job_kind')}
      />
      <FaultNote fault={session.faultAt('job_kind')} />
    </div>
  );
}

function ImageAndRole({ form, session }: IFormProps): JSX.Element {
  const { trans } = useSmext();
  return (
    <Section session={session} name="image" label={trans.__('Image and role')}>
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
          <TextInput
            wiring={wiring}
            value={form.role}
            onChange={role => session.set('role', role)}
          />
        )}
      </Field>
    </Section>
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
        <Draft<number>
          session={session}
          field={field}
          wiring={wiring}
          text={String(form[field])}
          read={text => bounded(text, 1, high)}
          write={String}
          onValue={value => session.set(field, value)}
          suffix={props.suffix}
          numeric
        />
      )}
    </Field>
  );
}
