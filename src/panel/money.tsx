import * as React from 'react';
import { money, rate, UNKNOWN } from '../format';
import type { Problem, Row, Summary, Warnings } from '../generated';
import { useModelState, useSignal, useSmext } from '../components/hooks';
import { Unowned, useMine, WhoseSwitch } from '../components/ownership';
import type { Thresholds } from '../preferences';
import { billingRows } from '../rows';
import { shown, split, total, uncheckedBeside } from '../ownership';

/** So many kinds that cannot be seen are named one by one. */
const LISTED = 2;

/** The number that leads: what is billing now, and what it leaves out. */
export function MoneyNow(): JSX.Element {
  const { preferences, trans } = useSmext();
  useSignal(preferences, preferences.changed);
  const mine = useMine();
  const state = useModelState();
  const { summary, warnings } = state;
  const rows = React.useMemo(() => billingRows(state), [state.tables]);
  if (summary === null || (!summary.ready && summary.count === 0)) {
    return (
      <div className="smext-Money" aria-busy="true">
        <div className="smext-Money-big smext-muted">{UNKNOWN}</div>
        <div className="smext-muted">{trans.__('Reading the account…')}</div>
        {summary && <Missing summary={summary} />}
      </div>
    );
  }
  const figure = mine ? ofMine(rows, summary) : summary;
  const level = levelOf(figure.usd_per_hour, preferences.thresholds);
  return (
    <div
      className={`smext-Money smext-mod-${level}`}
      role="group"
      aria-label={trans.__('Billing')}
    >
      <div className="smext-Money-line">
        <span className="smext-Money-big smext-num">
          {mine && <small>{trans.__('yours:')} </small>}
          {figure.at_least && figure.usd_per_hour !== null && (
            <small>{trans.__('at least')} </small>
          )}
          {rate(figure.usd_per_hour)}
        </span>
        <span className="smext-muted">
          {mine ? <OfAll summary={summary} /> : <Count summary={summary} />}
        </span>
      </div>
      <Missing summary={figure} />
      <Unchecked
        problems={uncheckedBeside(summary, warnings?.unchecked ?? [])}
      />
      {figure.usd_per_hour !== null && figure.usd_per_hour > 0 && (
        <Ahead
          usdPerHour={figure.usd_per_hour}
          // Reckoned by the server, of what is or may be the user's.
          warnings={mine ? null : warnings}
          others={rows.some(row => row.mine === false)}
        />
      )}
      <WhoseSwitch rows={rows} />
      <Unowned rows={rows} className="smext-Money-unowned" />
    </div>
  );
}

/** The total of what surely is the user's, with all that it may leave out. */
export function ofMine(rows: readonly Row[], summary: Summary): Summary {
  const sum = total(shown(rows, true), summary);
  // What is of an unknown owner may be the user's as well.
  const at_least = sum.at_least || split(rows).unknown > 0;
  const usd = sum.usd_per_hour;
  return {
    ...summary,
    ...sum,
    usd_per_hour: at_least && usd === 0 ? null : usd,
    at_least
  };
}

function Count(props: { summary: Summary }): JSX.Element {
  const { trans } = useSmext();
  const { at_least, count } = props.summary;
  if (count === 0 && at_least) {
    return <>{trans.__('not known what is billing')}</>;
  }
  return (
    <>
      {count === 0
        ? trans.__('nothing is billing')
        : trans._n('billing now, %1 thing', 'billing now, %1 things', count)}
    </>
  );
}

/** The whole beside the part. */
function OfAll(props: { summary: Summary }): JSX.Element {
  const { trans } = useSmext();
  const { at_least, usd_per_hour } = props.summary;
  const whole = rate(usd_per_hour);
  return (
    <>
      {at_least && usd_per_hour !== null
        ? trans.__('of at least %1 in the account', whole)
        : trans.__('of %1 in the account', whole)}
    </>
  );
}

/** What it comes to if all goes on as it is. */
function Ahead(props: {
  usdPerHour: number;
  warnings: Warnings | null;
  /** Things of others are in the rate, and not in the sum until Monday. */
  others: boolean;
}): JSX.Element {
  const { trans } = useSmext();
  const { others, usdPerHour, warnings } = props;
  const day = trans.__('≈ %1 a day', money(usdPerHour * 24));
  if (!warnings) {
    return <div className="smext-muted">{day}</div>;
  }
  if (warnings.until_monday_usd === null) {
    return <div className="smext-muted">{day}</div>;
  }
  const usd = money(warnings.until_monday_usd);
  const monday = warnings.until_monday_at_least
    ? trans.__('at least %1 until Monday', usd)
    : trans.__('%1 until Monday', usd);
  return (
    <div
      className="smext-Money-line smext-muted"
      title={
        others
          ? trans.__(
              'Until Monday 09:00, of what is yours or may be yours: what surely is of others is not in it, nor what is marked to be kept.'
            )
          : trans.__('Until Monday 09:00, without what is marked to be kept.')
      }
    >
      <span className="smext-num">{day}</span>
      <span className="smext-num">{monday}</span>
    </div>
  );
}

function Missing(props: { summary: Summary }): JSX.Element {
  const { trans } = useSmext();
  const { summary } = props;
  const rest = summary.unseen.slice(LISTED);
  return (
    <ul className="smext-Money-missing">
      {!summary.ready && <li>{trans.__('Still reading some kinds.')}</li>}
      {summary.unpriced > 0 && (
        <li>{trans.__('%1 without a price', summary.unpriced)}</li>
      )}
      {summary.uncertain > 0 && (
        <li>{trans.__('%1 may be billing', summary.uncertain)}</li>
      )}
      {summary.partly.map(({ kind, label, problem }) => (
        <li key={kind} title={`${problem.message}\n${problem.advice}`}>
          {trans.__('%1 not read whole: %2', label, problem.message)}
        </li>
      ))}
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

/** What warnings may be missing for. */
function Unchecked(props: { problems: readonly Problem[] }): JSX.Element {
  return (
    <ul className="smext-Money-missing">
      {props.problems.map(({ advice, message }) => (
        <li key={message} title={advice}>
          {message}
        </li>
      ))}
    </ul>
  );
}

/** The colour of the number. */
export function levelOf(
  usdPerHour: number | null,
  thresholds: Thresholds
): 'ok' | 'warn' | 'bad' {
  if (usdPerHour === null) {
    return 'warn';
  }
  if (usdPerHour >= thresholds.alarm) {
    return 'bad';
  }
  return usdPerHour >= thresholds.warn ? 'warn' : 'ok';
}
