import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import { act } from '../stopping/action';
import type { ItemDetail, KindInfo } from '../generated';
import { Cost, Elapsed, Line, Moment } from '../components/figures';
import { useSmext } from '../components/hooks';
import { bills, firstLine } from '../rows';
import { rate } from '../format';
import { openRowMenu } from '../table/menu';
import { Dot, statusText, whence } from '../table/row';
import { Commands } from '../tokens';
import type { ItemSession } from './session';

/** Name, status and money, and what can be done. */
export function ItemHead(props: {
  session: ItemSession;
  detail: ItemDetail;
  kind: KindInfo | undefined;
}): JSX.Element {
  const { trans } = useSmext();
  const { detail, kind, session } = props;
  const { row } = detail;
  const asOf = session.read ? new Date(session.read).toISOString() : null;
  const { usd_per_hour } = row.billing;
  return (
    <header className="smext-Item-head">
      <div className="smext-Item-title">
        <h1 title={row.name}>{row.name}</h1>
        <Buttons detail={detail} session={session} />
      </div>
      <div className="smext-Item-status">
        <Dot row={row} />
        <b>{statusText(row)}</b>
        <Line
          className="smext-muted"
          pieces={[
            kind?.singular ?? row.kind,
            row.subtitle,
            row.created && (
              <span key="created">
                {trans.__('created')} <Moment at={row.created} />
              </span>
            ),
            <Elapsed key="elapsed" row={row} exact />,
            row.active && row.deadline && (
              <span key="deadline">
                {trans.__('ends by')} <Moment at={row.deadline} />
              </span>
            ),
            bills(row) && usd_per_hour !== null ? (
              <span key="rate" title={whence(row, trans)}>
                {rate(usd_per_hour)}
              </span>
            ) : null,
            row.billing.accrued_usd === null ? null : (
              <span key="cost">
                <Cost row={row} asOf={asOf} />{' '}
                {row.active ? trans.__('so far') : ''}
              </span>
            )
          ]}
        />
      </div>
      {row.reason && (
        <div
          className={`smext-Note smext-mod-${row.tone === 'bad' ? 'bad' : 'warn'}`}
        >
          <Reason text={row.reason} />
        </div>
      )}
    </header>
  );
}

function Buttons(props: {
  detail: ItemDetail;
  session: ItemSession;
}): JSX.Element {
  const smext = useSmext();
  const { commands, trans } = smext;
  const { detail, session } = props;
  const { row } = detail;
  const { key, kind } = row;
  return (
    <div className="smext-Item-buttons">
      {detail.has_notebook && (
        <button
          className="smext-Button"
          onClick={() =>
            void commands.execute(Commands.openNotebook, { kind, key })
          }
        >
          {row.active
            ? trans.__('Open notebook so far')
            : trans.__('Open output notebook')}
        </button>
      )}
      {row.actions.map(action => (
        <button
          key={action.name}
          className="smext-Button"
          onClick={() =>
            void act(smext, row, action).then(() => session.refresh())
          }
        >
          {action.label}…
        </button>
      ))}
      <button
        className="smext-IconButton"
        title={trans.__('Refresh')}
        aria-label={trans.__('Refresh')}
        onClick={() => void session.refresh()}
      >
        <refreshIcon.react tag="span" />
      </button>
      <button
        className="smext-IconButton"
        aria-label={trans.__('More')}
        aria-haspopup="menu"
        onClick={event => {
          const box = event.currentTarget.getBoundingClientRect();
          openRowMenu(smext, row, box.left, box.bottom);
        }}
      >
        ⋯
      </button>
    </div>
  );
}

/** The reason in a line, and the whole of it for who wants it. */
function Reason(props: { text: string }): JSX.Element {
  const { trans } = useSmext();
  const short = firstLine(props.text);
  return short === props.text.trim() ? (
    <>{short}</>
  ) : (
    <details className="smext-Fold">
      <summary title={trans.__('The whole reason')}>{short}</summary>
      <pre className="smext-Json">{props.text}</pre>
    </details>
  );
}
