import * as React from 'react';
import type { LaunchForm } from '../generated';
import { useSmext } from '../parts/hooks';
import { Draft, Field } from './field';
import { lines, listed, packageList } from './fields';
import type { LaunchSession } from './session';

interface IAlongProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** What goes along with the notebook: files, and packages to install. */
export function Along(props: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  return (
    <fieldset className="smext-Fieldset">
      <legend>{trans.__('What goes along')}</legend>
      <Folder {...props} />
      <Field
        session={session}
        field="files"
        label={trans.__('Files')}
        hint={trans.__(
          'More to send, one a line, from the notebook’s folder: data.csv, ../lib/*.py'
        )}
      >
        {wiring => (
          <Draft
            wiring={wiring}
            text={listed(form.files)}
            read={text => ({ ok: true, value: lines(text) })}
            write={value => listed(value as string[])}
            onValue={value => session.set('files', value as string[])}
            onFault={reading => session.reject('files', reading)}
            lines={Math.min(6, form.files.length + 1)}
          />
        )}
      </Field>
      <Packages {...props} />
    </fieldset>
  );
}

function Folder({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  const id = React.useId();
  const count = session.plan?.files.length;
  return (
    <div className="smext-Check">
      <input
        id={id}
        type="checkbox"
        checked={form.include_files}
        onChange={event => session.set('include_files', event.target.checked)}
      />
      <label htmlFor={id}>{trans.__('Send the notebook’s folder along')}</label>
      {form.include_files && count !== undefined && (
        <span className="smext-muted">
          {trans._n('%1 file', '%1 files', count)}
        </span>
      )}
    </div>
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
  const base = React.useId();
  const choices: [Source, string][] = [
    ['kernel', trans.__('what the kernel has')],
    ['list', trans.__('my own list')],
    ['file', trans.__('a requirements file')]
  ];
  return (
    <>
      <div className="smext-Field">
        <div className="smext-Field-head">
          <span id={base}>{trans.__('Packages')}</span>
        </div>
        <div
          className="smext-Segments smext-mod-small"
          role="radiogroup"
          aria-labelledby={base}
        >
          {choices.map(([each, label]) => (
            <label key={each} className="smext-Segment">
              <input
                type="radio"
                checked={source === each}
                onChange={() => choose(session, each)}
              />
              {label}
            </label>
          ))}
        </div>
      </div>
      {source === 'kernel' && <Found session={session} />}
      {source === 'list' && <OwnList {...props} />}
      {source === 'file' && <ListFile {...props} />}
    </>
  );
}

/** Take packages from elsewhere; an own list begins with what was found. */
function choose(session: LaunchSession, source: Source): void {
  const { form, plan } = session;
  const found = packageList(plan?.packages ?? []);
  if (form && source !== sourceOf(form)) {
    session.set('packages', source === 'list' ? found : null);
    session.set('requirements', source === 'file' ? 'requirements.txt' : null);
  }
}

function Found(props: { session: LaunchSession }): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  const fault = session.faultAt('packages');
  return (
    <div>
      <span className="smext-Field-hint">
        {trans.__('What the notebook imports and the image lacks.')}
      </span>
      {fault && (
        <span className={`smext-Field-fault smext-mod-${fault.level}`}>
          {fault.text}
        </span>
      )}
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
        <Draft
          wiring={wiring}
          text={listed(packages)}
          read={text => ({ ok: true, value: lines(text) })}
          write={value => listed(value as string[])}
          onValue={value => session.set('packages', value as string[])}
          onFault={reading => session.reject('packages', reading)}
          lines={Math.min(10, packages.length + 1)}
        />
      )}
    </Field>
  );
}

function ListFile({ form, session }: IAlongProps): JSX.Element {
  const { trans } = useSmext();
  return (
    <Field
      session={session}
      field="requirements"
      label={trans.__('Requirements file')}
      hint={trans.__('Its path from the notebook’s folder.')}
    >
      {wiring => (
        <input
          id={wiring.id}
          className="smext-Input"
          aria-describedby={wiring.describedBy}
          aria-invalid={wiring.invalid}
          spellCheck={false}
          value={form.requirements ?? ''}
          onChange={event => session.set('requirements', event.target.value)}
        />
      )}
    </Field>
  );
}
