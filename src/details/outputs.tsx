import * as React from 'react';
import { bytes } from '../format';
import type { Output } from '../generated';
import { CopyButton } from '../components/copy';
import { Moment } from '../components/figures';
import { useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import type { ItemSession } from './session';

/** What a job has left behind, and where. */
export function OutputList(props: { session: ItemSession }): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  const { outputs } = session;
  const status = session.detail?.row.status;
  React.useEffect(() => {
    void session.readOutputs();
  }, [session, status]);
  const problem = session.outputsProblem ?? outputs?.problem;
  const folder = commonFolder((outputs?.outputs ?? []).map(each => each.uri));
  const place = folder || outputs?.uri;
  return (
    <>
      {place && (
        <div className="smext-Place">
          <code title={place}>{place}</code>
          <CopyButton
            text={() => place}
            label={trans.__('Copy the address of the outputs')}
            short={trans.__('Copy address')}
          />
          <button
            className="smext-Button"
            onClick={() => void session.readOutputs()}
          >
            {trans.__('Look again')}
          </button>
        </div>
      )}
      {problem && <ProblemNote problem={problem} />}
      {outputs === null && !problem && (
        <p className="smext-muted">{trans.__('Reading…')}</p>
      )}
      {outputs && outputs.outputs.length === 0 && !problem && (
        <p className="smext-muted">{trans.__('Nothing there yet.')}</p>
      )}
      {outputs && outputs.outputs.length > 0 && (
        <table className="smext-Table" aria-label={trans.__('Outputs')}>
          <thead>
            <tr>
              <th>{trans.__('Name')}</th>
              <th>{trans.__('Size')}</th>
              <th>{trans.__('Changed')}</th>
              <th />
            </tr>
          </thead>
          <tbody>
            {outputs.outputs.map(output => (
              <OutputRow
                key={output.key}
                name={output.uri.slice(folder.length) || output.name}
                output={output}
                session={session}
              />
            ))}
          </tbody>
        </table>
      )}
      {outputs && !outputs.complete && (
        <p className="smext-muted">{trans.__('There is more than this.')}</p>
      )}
    </>
  );
}

function OutputRow(props: {
  name: string;
  output: Output;
  session: ItemSession;
}): JSX.Element {
  const { model, trans } = useSmext();
  const { name, output, session } = props;
  return (
    <tr>
      <td title={output.uri}>{name}</td>
      <td className="smext-num">
        {output.bytes === null ? '' : bytes(output.bytes)}
      </td>
      <td>{output.modified && <Moment at={output.modified} />}</td>
      <td className="smext-Table-actions">
        <a
          className="smext-Button"
          href={model.api.outputUrl(session.place, output.key)}
          download={name.split('/').pop()}
          aria-label={trans.__('Download %1', name)}
        >
          {trans.__('Download')}
        </a>
        <CopyButton
          text={() => output.uri}
          label={trans.__('Copy the address of %1', name)}
          short={trans.__('Copy address')}
        />
      </td>
    </tr>
  );
}

/** The longest folder that all of these lie in, with its slash. */
function commonFolder(uris: readonly string[]): string {
  const [first = '', ...rest] = uris;
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (folder && !rest.every(uri => uri.startsWith(folder))) {
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  }
  return folder;
}
