import * as React from 'react';
import { clock, duration, instant, number } from '../format';
import type { CellState, ItemDetail, RunProgress } from '../generated';
import { useNow, useSmext } from '../components/hooks';

const MARKS: Record<CellState['status'], string> = {
  done: '✓',
  running: '▶',
  failed: '✗',
  pending: '·'
};

/** What the run says of its cells. */
export function Cells(props: { detail: ItemDetail }): JSX.Element {
  const { trans } = useSmext();
  const { row, run } = props.detail;
  if (!run) {
    return (
      <p className="smext-muted" role="status">
        {trans.__(
          'The machine is being prepared: the cells appear when the notebook starts.'
        )}
      </p>
    );
  }
  return (
    <>
      {row.active && run.status === 'preparing' && (
        <p className="smext-muted" role="status">
          {run.phase || trans.__('Preparing')}…
        </p>
      )}
      <ol className="smext-Cells" aria-label={trans.__('Cells')}>
        {run.cells.map(cell => (
          <li key={cell.index} data-status={cell.status}>
            <span role="img" aria-label={cell.status}>
              {MARKS[cell.status] ?? '·'}
            </span>
            <span className="smext-Cells-label" title={cell.label}>
              <span className="smext-muted smext-num">[{cell.index}]</span>{' '}
              {cell.label}
            </span>
            <CellTime cell={cell} run={run} active={row.active} />
          </li>
        ))}
      </ol>
      {run.error && (
        <div className="smext-Note smext-mod-bad" role="alert">
          <b>{run.error.summary}</b>
        </div>
      )}
    </>
  );
}

function CellTime(props: {
  cell: CellState;
  run: RunProgress;
  active: boolean;
}): JSX.Element {
  const { active, cell, run } = props;
  return cell.status === 'running' && active ? (
    <Ticking from={cell.seconds ?? 0} at={run.updated} />
  ) : (
    <span className="smext-num smext-muted">
      {cell.seconds === null ? '' : took(cell.seconds)}
    </span>
  );
}

/** Seconds that had passed at an instant, and go on. */
function Ticking(props: { from: number; at: string | null }): JSX.Element {
  const now = useNow(1000);
  const since = instant(props.at) ?? now;
  const seconds = props.from + Math.max(0, (now - since) / 1000);
  return <b className="smext-num">{clock(seconds)}</b>;
}

/** To a tenth while it is short, so that the figures stand under one another. */
function took(seconds: number): string {
  return seconds < 10 ? `${number(seconds, 1)} s` : duration(seconds);
}
