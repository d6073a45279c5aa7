import * as React from 'react';
import type { LaunchForm, LaunchOption } from '../../generated';
import { Choice } from '../../components/choice';
import { useSmext } from '../../components/hooks';
import { Folder, Packages } from './files';
import { Inputs, Outputs } from './data';
import { FaultNote, Field, Segments } from './field';
import { Longest } from './run-limit';
import { Machine } from '../machines/field';
import { applies } from '../model/job-kind';
import { OptionControl } from './option-control';
import { Kept, Wait } from './training-options';
import { Environment, Tags } from './environment-and-tags';
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
  const { form, session } = props;
  const sections = session.defaults?.sections ?? [];
  const shown = (section: string) =>
    session.options.filter(
      option => option.section === section && applies(form, option)
    );
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
        {shown('run')
          .filter(option => option.control !== 'own')
          .map(option => (
            <OptionControl key={option.member} option={option} {...props} />
          ))}
      </div>
      <Parameters session={session} />
      <div className="smext-FormSections">
        {sections
          .filter(({ label }) => label !== '')
          .map(({ label, name, note }) => (
            <Section key={name} session={session} name={name} label={label}>
              <Options {...props} options={shown(name)} note={note} />
            </Section>
          ))}
      </div>
    </form>
  );
}

/** Controls written for one option, which say more of it than a row of the table can. */
const OWN: Record<string, React.ComponentType<IFormProps> | undefined> = {
  image: Image,
  include_files: Folder,
  packages: Packages,
  inputs: Inputs,
  outputs: Outputs,
  max_wait_seconds: Wait,
  keep_alive_seconds: Kept,
  environment: Environment,
  tags: Tags
};

/** The controls of a section; what is short stands side by side. */
function Options(
  props: IFormProps & { options: readonly LaunchOption[]; note: string }
): JSX.Element {
  const { form, note, options, session } = props;
  if (options.length === 0) {
    return <p className="smext-muted">{note}</p>;
  }
  const control = (option: LaunchOption) => {
    const Own = OWN[option.member];
    return Own ? (
      <Own key={option.member} form={form} session={session} />
    ) : (
      <OptionControl
        key={option.member}
        form={form}
        session={session}
        option={option}
      />
    );
  };
  return (
    <>
      {rows(options).map(row =>
        isShort(row[0]) ? (
          <div key={row[0].member} className="smext-Two smext-mod-fit">
            {row.map(control)}
          </div>
        ) : (
          row.map(control)
        )
      )}
    </>
  );
}

/** Options that follow each other and are short are one row. */
function rows(options: readonly LaunchOption[]): LaunchOption[][] {
  const found: LaunchOption[][] = [];
  for (const option of options) {
    const last = found[found.length - 1];
    if (last && isShort(option) && isShort(last[0])) {
      last.push(option);
    } else {
      found.push([option]);
    }
  }
  return found;
}

function isShort({ control, member }: LaunchOption): boolean {
  return ['number', 'ids'].includes(control) || member.endsWith('_seconds');
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
        label={session.option('job_kind')?.label ?? ''}
        choices={choices as [LaunchForm['job_kind'], string][]}
        value={form.job_kind}
        onChange={kind => session.set('job_kind', kind)}
        disabled={session.fixed('job_kind')}
      />
      <FaultNote fault={session.faultAt('job_kind')} />
    </div>
  );
}

function Image({ form, session }: IFormProps): JSX.Element {
  return (
    <Field session={session} field="image">
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
  );
}
