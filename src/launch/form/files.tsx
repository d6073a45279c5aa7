import * as React from 'react';
import type { LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Choice } from '../../components/choice';
import { Draft, FaultNote, Field, Segments, Switch } from './field';
import { lines, listed, packageList } from '../model/text-values';
import { Section } from './section';
import type { LaunchSession } from '../model/session';

interface IAlongProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** What goes along with the notebook: files, and packages to install. */
export function Along(props: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  return (
    <Section session={session} name="along" label={trans.__('What goes along')}>
      <Folder {...props} />
      <Large {...props} />
      <Files {...props} />
      <Packages {...props} />
      <Wheels {...props} />
    </Section>
  );
}

function Folder({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const count = session.plan?.files.length;
  return (
    <Switch
      session={session}
      field="include_files"
      label={trans.__('Send the notebook’s folder along')}
      hint={
        form.include_files && count !== undefined
          ? trans._n('%1 file', '%1 files', count)
          : undefined
      }
      checked={form.include_files}
      onChange={include => session.set('include_files', include)}
    />
  );
}

/** Only where the files are more than the limit, or were. */
function Large({ form, session }: IAlongProps): JSX.Element | null {
  const { trans } = useSmext();
  return form.send_large || session.faultAt('send_large') ? (
    <Switch
      session={session}
      field="send_large"
      label={trans.__('Send it anyway')}
      checked={form.send_large}
      onChange={anyway => session.set('send_large', anyway)}
    />
  ) : null;
}

function Files({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  return (
    <Field
      session={session}
      field="files"
      label={trans.__('Files')}
      hint={trans.__(
        'More to send, one a line, from the notebook’s folder: data.csv, ../lib/*.py'
      )}
    >
      {wiring => (
        <Draft<string[]>
          session={session}
          field="files"
          wiring={wiring}
          text={listed(form.files)}
          read={text => ({ ok: true, value: lines(text) })}
          write={listed}
          onValue={value => session.set('files', value)}
          lines={Math.min(6, form.files.length + 1)}
        />
      )}
    </Field>
  );
}

function Wheels({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  return (
    <Switch
      session={session}
      field="send_wheels"
      label={trans.__('Download the packages here and send them along')}
      hint={trans.__('For jobs that do not reach a package index.')}
      checked={form.send_wheels}
      onChange={send => session.set('send_wheels', send)}
    />
  );
}

type Source = 'kernel' | 'list' | 'file';

function sourceOf(form: LaunchForm): Source {
  if (form.packages !== null) {
    return 'list';
  }
  return form.requirements === null ? 'kernel' : 'file';
}

function Packages(props: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  const source = sourceOf(form);
  const choices: [Source, string][] = [
    ['kernel', trans.__('what the kernel has')],
    ['list', trans.__('my own list')],
    ['file', trans.__('a requirements file')]
  ];
  return (
    <>
      <div className="smext-Field">
        <div className="smext-Field-head">
          <span>{trans.__('Packages')}</span>
        </div>
        <Segments
          small
          label={trans.__('Packages')}
          choices={choices}
          value={source}
          onChange={next => choose(session, next)}
          disabled={session.fixed('packages') || session.fixed('requirements')}
        />
      </div>
      {source === 'kernel' && <Found session={session} />}
      {source === 'list' && <OwnList {...props} />}
      {source === 'file' && <ListFile {...props} />}
    </>
  );
}

/** Take packages from elsewhere; an own list begins with what was found. */
function choose(session: LaunchSession, source: Source): void {
  const { defaults, form, plan } = session;
  const found = packageList(plan?.packages ?? []);
  const file = defaults?.requirement_files[0] ?? 'requirements.txt';
  if (form && source !== sourceOf(form)) {
    session.set('packages', source === 'list' ? found : null);
    session.set('requirements', source === 'file' ? file : null);
  }
}

function Found(props: { session: LaunchSession }): JSX.Element {
  const { trans } = useSmext();
  return (
    <div data-field="packages">
      <span className="smext-Field-hint">
        {trans.__('What the notebook imports and the image lacks.')}
      </span>
      <FaultNote fault={props.session.faultAt('packages')} />
    </div>
  );
}

function OwnList({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const packages = form.packages ?? [];
  return (
    <Field
      session={session}
      field="packages"
      label={trans.__('Requirements')}
      hint={
        packages.length === 0
          ? trans.__('One a line, as pip takes them. Nothing is installed.')
          : trans.__('One a line, as pip takes them.')
      }
    >
      {wiring => (
        <Draft<string[]>
          session={session}
          field="packages"
          wiring={wiring}
          text={listed(packages)}
          read={text => ({ ok: true, value: lines(text) })}
          write={listed}
          onValue={value => session.set('packages', value)}
          lines={Math.min(10, packages.length + 1)}
        />
      )}
    </Field>
  );
}

function ListFile({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const files = session.defaults?.requirement_files ?? [];
  return (
    <Field
      session={session}
      field="requirements"
      label={trans.__('Requirements file')}
      hint={trans.__(
        'A requirements.txt, environment.yml, pyproject.toml or uv.lock, by its path from the notebook’s folder.'
      )}
    >
      {wiring => (
        <Choice
          {...wiring}
          value={form.requirements ?? ''}
          options={files.map(file => ({ value: file, label: file }))}
          onChange={value => session.set('requirements', value)}
        />
      )}
    </Field>
  );
}
