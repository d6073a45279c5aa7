import * as React from 'react';
import { bytes } from '../../format';
import type { Plan } from '../../generated';
import { useSmext } from '../../components/hooks';
import type { LaunchSession } from '../model/session';

/** What goes along, what stays, what is installed, and where the output goes. */
export function Contents(props: {
  plan: Plan;
  session: LaunchSession;
}): JSX.Element {
  const { trans } = useSmext();
  const { plan } = props;
  return (
    <div>
      <Settings {...props} />
      <Uploads plan={plan} />
      <LeftOut plan={plan} />
      <Packages plan={plan} />
      <div className="smext-Plan-output" title={plan.output_uri}>
        {trans.__('Output to %1', plan.output_uri)}
      </div>
    </div>
  );
}

/** The parameters that are set; all others are as the notebook has them. */
function Settings(props: {
  plan: Plan;
  session: LaunchSession;
}): JSX.Element | null {
  const { trans } = useSmext();
  const { plan, session } = props;
  const all = Object.entries(plan.parameters);
  return all.length === 0 ? null : (
    <ul
      className="smext-Files"
      aria-label={trans.__('Parameters that are set')}
    >
      {all.map(([name, value]) => (
        <li key={name} title={`${name} = ${value}`}>
          <code>{`${name} = ${value}`}</code>
          <span className="smext-muted">
            {session.sourceOf(`parameters.${name}`) ?? trans.__('set here')}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Uploads({ plan }: { plan: Plan }): JSX.Element {
  const { trans } = useSmext();
  const there = plan.uploads.filter(upload => upload.there).length;
  const sent = plan.uploads.length - there;
  const summary = trans._n(
    'Uploads %1 object, %2',
    'Uploads %1 objects, %2',
    sent,
    bytes(plan.upload_bytes)
  );
  return (
    <details className="smext-Fold">
      <summary>
        {summary}{' '}
        {there > 0 && (
          <span className="smext-muted">
            {trans.__('(%1 there already)', there)}
          </span>
        )}
      </summary>
      <ul className="smext-Files" aria-label={trans.__('Uploads')}>
        {plan.uploads.map(upload => (
          <li key={upload.uri} title={upload.uri}>
            <span>{upload.name}</span>
            <span className={upload.there ? 'smext-muted' : 'smext-num'}>
              {upload.there ? trans.__('there already') : bytes(upload.bytes)}
            </span>
          </li>
        ))}
        {plan.files.map(file => (
          <li key={file} className="smext-muted" title={file}>
            <span>{file}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function LeftOut({ plan }: { plan: Plan }): JSX.Element {
  const { trans } = useSmext();
  const count = plan.left_out.length;
  return count === 0 ? (
    <></>
  ) : (
    <details className="smext-Fold">
      <summary>
        {trans._n('Leaves out %1 file', 'Leaves out %1 files', count)}
      </summary>
      <ul className="smext-Files" aria-label={trans.__('Left out')}>
        {plan.left_out.map(({ path, why }) => (
          <li key={path} title={`${path}: ${why}`}>
            <span>{path}</span>
            <span className="smext-muted">{why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Packages({ plan }: { plan: Plan }): JSX.Element {
  const { trans } = useSmext();
  const count = plan.packages.length;
  return count === 0 ? (
    <></>
  ) : (
    <details className="smext-Fold">
      <summary>
        {trans._n('Installs %1 package', 'Installs %1 packages', count)}
      </summary>
      <ul className="smext-Files" aria-label={trans.__('Packages')}>
        {plan.packages.map(({ requirement, source, why }) => (
          <li key={requirement} title={`${requirement}: ${why}\n${source}`}>
            <span>{requirement}</span>
            <span className="smext-muted">{why}</span>
          </li>
        ))}
      </ul>
      <p className="smext-Field-hint">
        {[...new Set(plan.packages.map(each => each.source))].join(' · ')}
      </p>
    </details>
  );
}
