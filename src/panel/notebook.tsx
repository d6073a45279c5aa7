import * as React from 'react';
import type { Row } from '../generated';
import { useModelState, useSignal, useSmext } from '../components/hooks';
import { Elapsed, Line } from '../components/figures';
import { rowId, runsOf } from '../rows';
import type { State } from '../state';
import { findKind } from '../state';
import { RowList } from '../table/list';
import { RowItem } from '../table/row';
import { Commands } from '../tokens';
import type { CurrentNotebook } from './current';
import { Section } from './section';

/** Runs that are drawn before the rest is asked for. */
const FIRST = 4;

/** The notebook in front, its one button, and what became of its runs. */
export function ThisNotebook(props: { current: CurrentNotebook }): JSX.Element {
  const { commands, trans } = useSmext();
  const { current } = props;
  useSignal(current, current.changed);
  const state = useModelState();
  const { job, path } = current;
  const runs = React.useMemo(
    () => runsOf(state, path, job),
    [state.tables, path, job]
  );
  return (
    <Section
      name="this-notebook"
      title={trans.__('This notebook')}
      aside={<span title={path ?? undefined}>{path?.split('/').pop()}</span>}
      openAtFirst
    >
      {() =>
        path === null ? (
          <p className="smext-Empty">
            {trans.__('Open a notebook to run it on SageMaker.')}
          </p>
        ) : (
          <>
            <div className="smext-Run">
              <button
                className="smext-Button smext-mod-primary"
                onClick={() => void commands.execute(Commands.runNotebook)}
              >
                {trans.__('▶ Run on SageMaker…')}
              </button>
              {runs.length > 0 && <Last row={runs[0]} />}
            </div>
            <Runs runs={runs} state={state} key={path} />
          </>
        )
      }
    </Section>
  );
}

function Last(props: { row: Row }): JSX.Element {
  const { trans } = useSmext();
  return (
    <span className="smext-Run-last smext-muted" title={props.row.subtitle}>
      {trans.__('last:')}{' '}
      <Line
        pieces={[props.row.subtitle, <Elapsed key="e" row={props.row} />]}
      />
    </span>
  );
}

function Runs(props: { runs: Row[]; state: State }): JSX.Element {
  const { trans } = useSmext();
  const { runs, state } = props;
  const [all, setAll] = React.useState(false);
  const shown = all ? runs : runs.slice(0, FIRST);
  return (
    <>
      <RowList
        count={shown.length}
        label={trans.__('Runs of this notebook')}
        idOf={index => rowId(shown[index])}
        render={index => (
          <RowItem
            row={shown[index]}
            kind={findKind(state, shown[index].kind)}
            variant="run"
            asOf={state.tables.get(shown[index].kind)?.as_of ?? null}
          />
        )}
      />
      {shown.length < runs.length && (
        <button className="smext-Link" onClick={() => setAll(true)}>
          {trans._n(
            '%1 earlier run',
            '%1 earlier runs',
            runs.length - shown.length
          )}
        </button>
      )}
    </>
  );
}
