import * as React from 'react';
import { age, duration, fullTime, money, time } from '../format';
import type { Row } from '../generated';
import { accrued, elapsed } from '../rows';
import { useNow } from './hooks';

/** How long a row has been there, growing while one looks. */
export function Elapsed(props: { row: Row; exact?: boolean }): JSX.Element {
  const now = useNow(props.exact ? 1000 : 5000);
  const seconds = elapsed(props.row, now);
  if (seconds === null) {
    return <></>;
  }
  const since = props.row.started ?? props.row.created;
  return (
    <span className="smext-num" title={since ? fullTime(since) : undefined}>
      {props.exact ? duration(Math.floor(seconds)) : age(seconds)}
    </span>
  );
}

/** What a row has cost so far, growing while it bills. */
export function Cost(props: { row: Row; asOf: string | null }): JSX.Element {
  const now = useNow(5000);
  const usd = accrued(props.row, props.asOf, now);
  return usd === null ? (
    <></>
  ) : (
    <span className="smext-num" title={props.row.billing.why}>
      {money(usd)}
    </span>
  );
}

/** An instant, short, and in full where the pointer rests. */
export function Moment(props: { at: string }): JSX.Element {
  return (
    <time dateTime={props.at} title={fullTime(props.at)} className="smext-num">
      {time(props.at, useNow(60_000))}
    </time>
  );
}

/** Pieces of a line with a dot between those that are there. */
export function Line(props: {
  pieces: React.ReactNode[];
  className?: string;
}): JSX.Element {
  const pieces = props.pieces.filter(
    piece => piece !== '' && piece !== false && piece !== null
  );
  return (
    <span className={props.className}>
      {pieces.map((piece, index) => (
        <React.Fragment key={index}>
          {index > 0 && ' · '}
          {piece}
        </React.Fragment>
      ))}
    </span>
  );
}
