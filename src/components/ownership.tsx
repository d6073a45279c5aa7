import * as React from 'react';
import type { Row } from '../generated';
import { split } from '../ownership';
import { useSignal, useSmext } from './hooks';

/** Whether only the user's own are to be shown. */
export function useMine(): boolean {
  const { whose } = useSmext();
  useSignal(whose, whose.changed);
  return whose.mine;
}

/** All or mine, with how many each has of these rows. */
export function WhoseSwitch(props: { rows: readonly Row[] }): JSX.Element {
  const { trans, whose } = useSmext();
  const mine = useMine();
  const name = React.useId();
  const counts = split(props.rows);
  const choice = (label: string, count: number, value: boolean) => (
    <label className="smext-Whose-choice">
      <input
        type="radio"
        name={name}
        checked={mine === value}
        onChange={() => {
          whose.mine = value;
        }}
      />
      <span>
        {label} <span className="smext-num">{count}</span>
      </span>
    </label>
  );
  return (
    <div
      className="smext-Whose"
      role="radiogroup"
      aria-label={trans.__('Whose things are shown')}
    >
      {choice(trans.__('All'), counts.all, false)}
      {choice(trans.__('Mine'), counts.mine, true)}
    </div>
  );
}

/** How many rows are not shown only because nobody knows whose they are. */
export function Unowned(props: {
  rows: readonly Row[];
  className: string;
}): JSX.Element {
  const { trans } = useSmext();
  const mine = useMine();
  const { unknown } = split(props.rows);
  return mine && unknown > 0 ? (
    <p className={props.className}>
      {trans._n(
        '%1 is not shown: nobody knows whose it is.',
        '%1 are not shown: nobody knows whose they are.',
        unknown
      )}
    </p>
  ) : (
    <></>
  );
}
