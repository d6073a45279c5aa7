import * as React from 'react';
import type { CodeRequest } from '../../generated';
import { CopyButton } from '../../components/copy';
import { useSignal, useSmext } from '../../components/hooks';
import { ProblemNote } from '../../components/problem';
import { LaunchCode } from './code';
import type { LaunchSession } from '../model/session';

interface ICodeProps {
  session: LaunchSession;
  /** Puts code into the notebook; null while that is not open. */
  onInsert: ((source: string) => void) | null;
}

/** The launch as code that does the same without smext. */
export function CodeView(props: ICodeProps): JSX.Element {
  const { model, trans } = useSmext();
  const { session } = props;
  const [open, setOpen] = React.useState(false);
  const code = React.useMemo(
    () => new LaunchCode(model.api, session),
    [model, session]
  );
  useSignal(code, code.changed);
  React.useEffect(() => {
    if (open) {
      code.open();
    }
    return () => code.close();
  }, [code, open]);
  return (
    <details
      className="smext-Fold"
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>{trans.__('As code of the SageMaker SDK')}</summary>
      {open && <Opened {...props} code={code} />}
    </details>
  );
}

function Opened(props: ICodeProps & { code: LaunchCode }): JSX.Element {
  const { trans } = useSmext();
  const { code, onInsert, session } = props;
  const source = code.code?.source;
  const behind = code.reading || session.planning;
  return (
    <div className="smext-Code" aria-busy={behind}>
      <Sdks code={code} />
      {code.problem && <ProblemNote problem={code.problem} />}
      {source === undefined ? (
        <p className="smext-muted" role="status">
          {behind ? trans.__('Writing it…') : ''}
        </p>
      ) : (
        <>
          {code.code?.note && (
            <div className="smext-Note smext-mod-warn">
              <span className="smext-Code-note">{code.code.note}</span>
            </div>
          )}
          <div className="smext-Code-buttons">
            <CopyButton
              text={() => source}
              label={trans.__('Copy as code')}
              short={trans.__('Copy as code')}
            />
            <button
              className="smext-Button"
              disabled={behind || onInsert === null}
              title={
                onInsert
                  ? trans.__('A new cell below the active one; it is not run')
                  : trans.__('The notebook is closed.')
              }
              onClick={() => onInsert?.(source)}
            >
              {trans.__('Insert as cell')}
            </button>
          </div>
          <pre className="smext-Json" tabIndex={0}>
            {source}
          </pre>
        </>
      )}
    </div>
  );
}

function Sdks(props: { code: LaunchCode }): JSX.Element {
  const { trans } = useSmext();
  const { code } = props;
  const found = code.sdk === null ? code.code?.sdk : undefined;
  const choices: [CodeRequest['sdk'], string][] = [
    [
      null,
      found
        ? trans.__('as the kernel has: %1', found)
        : trans.__('as the kernel has')
    ],
    ['3', '3'],
    ['2', '2']
  ];
  return (
    <div className="smext-Code-sdk">
      <span>{trans.__('SDK')}</span>
      <div
        className="smext-Segments"
        role="radiogroup"
        aria-label={trans.__('Version of the SDK')}
      >
        {choices.map(([sdk, label]) => (
          <label key={sdk ?? 'kernel'} className="smext-Segment">
            <input
              type="radio"
              checked={code.sdk === sdk}
              onChange={() => code.choose(sdk)}
            />
            {label}
          </label>
        ))}
      </div>
    </div>
  );
}
