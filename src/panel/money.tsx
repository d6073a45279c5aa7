import * as React from 'react';
import { money, rate, UNKNOWN } from '../format';
import type { Summary } from '../generated';
import { useModelState, useSignal, useSmext } from '../parts/hooks';
import type { Thresholds } from '../preferences';

/** So many kinds that cannot be seen are named one by one. */
const LISTED = 2;

/** The number that leads: what is billing now, and what it leaves out. */
export function MoneyNow(): JSX.Element {
  const smext = useSmext();
  const { preferences, trans } = smext;
  useSignal(preferences, preferences.changed);
  const { summary, warnings } = useModelState();
  if (summary === null || (!summary.ready && summary.count === 0)) {
    return (
      <div className="smext-Money" aria-busy="true">
        <div className="smext-Money-big smext-muted">{UNKNOWN}</div>
        <div className="smext-muted">{trans.__('Reading the account…')}</div>
        {summary && <Missing summary={summary} />}
      </div>
    );
  }
  const level = levelOf(summary.usd_per_hour, preferences.thresholds);
  return (
    <div
      className={`smext-Money smext-mod-${level}`}
      role="group"
      aria-label={trans.__('Billing')}
    >
      <div className="smext-Money-line">
        <span className="smext-Money-big smext-num">
          {summary.at_least && <small>{trans.__('at least')} </small>}
          {rate(summary.usd_per_hour)}
        </span>
        <span className="smext-muted">
          {summary.count === 0
            ? trans.__('nothing that is seen bills by the hour')
            : trans._n(
                'billing now, %1 thing',
                'billing now, %1 things',
                summary.count
              )}
        </span>
      </div>
      <Missing summary={summary} />
      {summary.usd_per_hour > 0 && (
        <div className="smext-muted smext-num">
          {warnings
            ? trans.__(
                '≈ %1 a day · %2 until Monday',
                money(summary.usd_per_hour * 24),
                money(warnings.until_monday_usd)
              )
            : trans.__(
                '≈ %1 a day at this rate',
                money(summary.usd_per_hour * 24)
              )}
        </div>
      )}
    </div>
  );
}

function Missing(props: { summary: Summary }): JSX.Element {
  const { trans } = useSmext();
  const { summary } = props;
  const rest = summary.unseen.slice(LISTED);
  return (
    <ul className="smext-Money-missing">
      {!summary.ready && summary.count > 0 && (
        <li>{trans.__('Still reading some kinds.')}</li>
      )}
      {summary.unpriced > 0 && (
        <li>{trans.__('%1 without a price', summary.unpriced)}</li>
      )}
      {summary.uncertain > 0 && (
        <li>{trans.__('%1 may be billing', summary.uncertain)}</li>
      )}
      {summary.unseen.slice(0, LISTED).map(({ kind, label, problem }) => (
        <li key={kind} title={`${problem.message}\n${problem.advice}`}>
          {problem.permission
            ? trans.__('%1 not visible: needs %2', label, problem.permission)
            : trans.__('%1 not visible: %2', label, problem.message)}
        </li>
      ))}
      {rest.length > 0 && (
        <li title={rest.map(each => each.label).join('\n')}>
          {trans.__('%1 more kinds not visible', rest.length)}
        </li>
      )}
    </ul>
  );
}

/** The colour of the number. */
export function levelOf(
  usdPerHour: number,
  thresholds: Thresholds
): 'ok' | 'warn' | 'bad' {
  if (usdPerHour >= thresholds.alarm) {
    return 'bad';
  }
  return usdPerHour >= thresholds.warn ? 'warn' : 'ok';
}
