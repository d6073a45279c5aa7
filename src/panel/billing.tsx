import * as React from 'react';
import type { Row } from '../generated';
import { useSmext } from '../components/hooks';
import { useSteadyOrder } from '../components/order';
import { useMine } from '../components/ownership';
import { billingRows, ending, rowId } from '../rows';
import type { State } from '../state';
import { findKind } from '../state';
import { RowList } from '../table/list';
import { RowItem } from '../table/row';
import { shown } from '../ownership';
import { Section } from './section';

/** What bills or may bill, dearest first; several can be stopped at once. */
export function BillingNow(props: { state: State }): JSX.Element {
  const { trans } = useSmext();
  const { state } = props;
  const mine = useMine();
  const dearest = React.useMemo(
    () => shown(billingRows(state), mine),
    [state.tables, mine]
  );
  const { hold, rows } = useSteadyOrder(dearest, rowId);
  const [selected, select] = React.useState<ReadonlySet<string> | null>(null);
  const toggle = (id: string, on: boolean) => {
    const next = new Set(selected);
    if (on) {
      next.add(id);
    } else {
      next.delete(id);
    }
    select(next);
  };
  const item = (row: Row) => (
    <RowItem
      row={row}
      kind={findKind(state, row.kind)}
      variant="billing"
      asOf={state.tables.get(row.kind)?.as_of ?? null}
    />
  );
  return (
    <Section
      name="billing-now"
      title={trans.__('Billing now')}
      aside={
        // None among what cannot be seen is no number.
        state.summary?.ready &&
        (rows.length > 0 || !state.summary.at_least) && (
          <span className="smext-num">{rows.length}</span>
        )
      }
      openAtFirst
    >
      {() => (
        <>
          {rows.length === 0 && state.summary?.ready && (
            <p className="smext-Empty">
              {mine
                ? trans.__('Nothing that surely is yours bills by the hour.')
                : state.summary.usd_per_hour === null
                  ? trans.__('Not known: not everything could be read.')
                  : state.summary.at_least
                    ? trans.__('Nothing in what could be read.')
                    : trans.__('Nothing bills by the hour now.')}
            </p>
          )}
          {rows.filter(ending).length > 1 && (
            <Selection
              rows={rows}
              selected={selected}
              select={select}
              guarded={state.context?.protected ?? false}
            />
          )}
          <div {...hold}>
            <RowList
              count={rows.length}
              label={trans.__('Billing now')}
              idOf={index => rowId(rows[index])}
              render={index =>
                selected === null ? (
                  item(rows[index])
                ) : (
                  <Pick
                    row={rows[index]}
                    picked={selected.has(rowId(rows[index]))}
                    onPick={on => toggle(rowId(rows[index]), on)}
                  >
                    {item(rows[index])}
                  </Pick>
                )
              }
            />
          </div>
        </>
      )}
    </Section>
  );
}

/** Asks for a selection; then what is done with it. */
function Selection(props: {
  rows: readonly Row[];
  selected: ReadonlySet<string> | null;
  select: (selected: ReadonlySet<string> | null) => void;
  /** The administrator lets nothing be stopped together. */
  guarded: boolean;
}): JSX.Element {
  const smext = useSmext();
  const { guarded, rows, select, selected } = props;
  const { trans } = smext;
  if (guarded) {
    return (
      <div className="smext-Selection">
        <button className="smext-Link" disabled>
          {trans.__('Select…')}
        </button>
        <span className="smext-muted">
          {trans.__('Protected account: stop one at a time.')}
        </span>
      </div>
    );
  }
  if (selected === null) {
    return (
      <div className="smext-Selection">
        <button
          className="smext-Link"
          title={trans.__('Select several things to stop them together')}
          onClick={() => select(new Set())}
        >
          {trans.__('Select…')}
        </button>
      </div>
    );
  }
  // What ended meanwhile is no longer meant.
  const meant = rows.filter(row => selected.has(rowId(row)));
  const idle = rows.filter(
    row => row.idle && row.mine !== false && ending(row)
  );
  const stop = async () => {
    const { stopSeveral } = await import('../stopping/bulk-stop');
    if (await stopSeveral(smext, meant)) {
      select(null);
    }
  };
  return (
    <div className="smext-Selection">
      <button
        className="smext-Button"
        disabled={meant.length === 0}
        onClick={() => void stop()}
      >
        {trans.__('Stop %1…', meant.length)}
      </button>
      {idle.length > 0 && (
        <button
          className="smext-Link"
          onClick={() => select(new Set(idle.map(rowId)))}
        >
          {trans.__('All that idle (%1)', idle.length)}
        </button>
      )}
      <button className="smext-Link" onClick={() => select(null)}>
        {trans.__('Cancel')}
      </button>
    </div>
  );
}

function Pick(props: {
  row: Row;
  picked: boolean;
  onPick: (on: boolean) => void;
  children: React.ReactNode;
}): JSX.Element {
  const { trans } = useSmext();
  const { onPick, picked, row } = props;
  const possible = ending(row) !== null && !row.here;
  return (
    <div className="smext-Pick">
      <input
        type="checkbox"
        aria-label={trans.__('Select %1', row.name)}
        title={
          possible
            ? undefined
            : row.here
              ? trans.__('This page runs on it.')
              : trans.__('It cannot be stopped now.')
        }
        disabled={!possible}
        checked={picked}
        onChange={event => onPick(event.target.checked)}
      />
      {props.children}
    </div>
  );
}
