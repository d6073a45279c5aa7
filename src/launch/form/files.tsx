import * as React from 'react';
import type { LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Choice } from '../../components/choice';
import { Draft, FaultNote, Field, Segments, Switch } from './field';
import { lines, listed, packageList } from '../model/text-values';
import type { LaunchSession } from '../model/session';

interface IFilesProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** Whether the notebook's folder goes along. */
export function Folder({ form, session }: IFilesProps): JSX.Element {
  const { trans } = useSmext();
  const count = session.plan?.files.length;
  return (
    <Switch
      session={session}
      field="include_files"
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

type Source = 'kernel' | 'list' | 'file';

function sourceOf(form: LaunchForm): Source {
  if (form.packages !== null) {
    return 'list';
  }
  return form.requirements === null ? 'kernel' : 'file';
}

/** Where the packages come from, and which they are. */
export function Packages(props: IFilesProps): JSX.Element {
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

function OwnList({ form, session }: IFilesProps): JSX.Element {
  const { trans } = useSmext();
  const packages = form.packages ?? [];
  return (
    <Field
      session={session}
      field="packages"
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

function ListFile({ form, session }: IFilesProps): JSX.Element {
  const files = session.defaults?.requirement_files ?? [];
  return (
    <Field session={session} field="requirements">
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
