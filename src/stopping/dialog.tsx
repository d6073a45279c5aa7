import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { problemText } from '../errors';
import { rate } from '../format';
import type { Problem } from '../generated';
import { rowId } from '../rows';
import { setAcceptButton } from './accept-button';
import type { Choice, Item, Outcome, Why } from './selection';

/** The dialog's button, by how many are ticked. */
export type Accept = (count: number) => { enabled: boolean; label: string };

/** Each thing with what is lost and what stays; `ticked` is changed in place. */
export function List(props: {
  choice: Choice;
  problem: Problem | null;
  ticked: Set<string>;
  trans: TranslationBundle;
  accept: Accept;
  /** Stands above the list. */
  intro?: React.ReactNode;
}): JSX.Element {
  const { accept, choice, intro, problem, ticked, trans } = props;
  const top = React.useRef<HTMLDivElement>(null);
  const [count, setCount] = React.useState(ticked.size);
  React.useEffect(() => {
    setAcceptButton(top.current, accept(count));
  }, [count]);
  const tick = (id: string, on: boolean) => {
    if (on) {
      ticked.add(id);
    } else {
      ticked.delete(id);
    }
    setCount(ticked.size);
  };
  return (
    <div className="smext-Several" ref={top}>
      {intro}
      {problem && (
        <p className="smext-Several-line smext-mod-warn">
          {trans.__(
            'It is not known what is marked to be kept. %1',
            problemText(problem)
          )}
        </p>
      )}
      {choice.items.length > 0 && (
        <ul aria-label={trans.__('To stop')}>
          {choice.items.map(item => (
            <ItemLine
              key={rowId(item.row)}
              item={item}
              ticked={ticked.has(rowId(item.row))}
              onTick={on => tick(rowId(item.row), on)}
              trans={trans}
            />
          ))}
        </ul>
      )}
      <LeftOut choice={choice} trans={trans} />
    </div>
  );
}

function ItemLine(props: {
  item: Item;
  ticked: boolean;
  onTick: (on: boolean) => void;
  trans: TranslationBundle;
}): JSX.Element {
  const { item, onTick, ticked, trans } = props;
  const { action, row } = item;
  const usd = row.billing.usd_per_hour;
  return (
    <li>
      <label>
        <input
          type="checkbox"
          checked={ticked}
          onChange={event => onTick(event.target.checked)}
        />
        <span>
          {action.label} <b>{row.name}</b>
        </span>
        <span className="smext-muted smext-num">
          {usd === null ? trans.__('no price') : rate(usd)}
        </span>
      </label>
      <p className="smext-Several-effects">
        {row.mine === false && row.owner && (
          <span className="smext-mod-warn">
            {trans.__('Of %1.', row.owner)}{' '}
          </span>
        )}
        {row.mine === null && (
          <span className="smext-mod-warn">
            {trans.__('Nobody knows whose it is.')}{' '}
          </span>
        )}
        {row.here && (
          <span className="smext-mod-warn">
            {trans.__('This page runs on it: it is stopped last.')}{' '}
          </span>
        )}
        {action.lost && (
          <>
            <b className="smext-mod-bad">{trans.__('Lost:')}</b>{' '}
            {action.lost}{' '}
          </>
        )}
        {action.stays && (
          <>
            <b className="smext-mod-ok">{trans.__('Stays:')}</b> {action.stays}
          </>
        )}
      </p>
    </li>
  );
}

function LeftOut(props: {
  choice: Choice;
  trans: TranslationBundle;
}): JSX.Element {
  const { choice, trans } = props;
  const reasons: Record<Why, string> = {
    'this machine': trans.__('serves this page'),
    kept: trans.__('is marked to be kept'),
    'asks twice': trans.__('is stopped by itself alone, asked for twice'),
    'no action': trans.__('cannot be stopped now')
  };
  return choice.leftOut.length === 0 ? (
    <></>
  ) : (
    <div className="smext-muted">
      {trans.__('Left out:')}{' '}
      {choice.leftOut
        .map(({ row, why }) => `${row.name} (${reasons[why]})`)
        .join(', ')}
    </div>
  );
}

/** What worked, and what did not and why. */
export function Outcomes(props: {
  outcomes: readonly Outcome[];
  trans: TranslationBundle;
}): JSX.Element {
  const { outcomes, trans } = props;
  return (
    <div className="smext-Several">
      <ul aria-label={trans.__('What came of it')}>
        {outcomes.map(({ item, message, problem }) => (
          <li key={rowId(item.row)}>
            <span className={problem ? 'smext-mod-bad' : 'smext-mod-ok'}>
              {problem ? '✗' : '✓'}
            </span>{' '}
            <b>{item.row.name}</b>
            <p className="smext-Several-effects">
              {problem ? problemText(problem) : message}
            </p>
          </li>
        ))}
      </ul>
    </div>
  );
}
