import * as React from 'react';
import { age } from '../format';
import { useModelState, useNow, useSmext } from '../parts/hooks';
import { ProblemNote } from '../parts/problem';
import { rowId, billingRows } from '../rows';
import type { State } from '../state';
import { findKind } from '../state';
import { RowList, ScrollContext } from '../table/list';
import { RowItem } from '../table/row';
import type { CurrentNotebook } from './current';
import { Head } from './head';
import { Kinds } from './kinds';
import { MoneyNow } from './money';
import { ThisNotebook } from './notebook';
import { Section } from './section';

/** The whole panel, from what the model holds. */
export function PanelView(props: { current: CurrentNotebook }): JSX.Element {
  const state = useModelState();
  const [scroller, setScroller] = React.useState<HTMLElement | null>(null);
  if (state.connection === 'missing') {
    return (
      <>
        <Head />
        <Banner state={state} />
      </>
    );
  }
  return (
    <ScrollContext.Provider value={scroller}>
      <Head />
      <Banner state={state} />
      {state.context?.problem ? null : <MoneyNow />}
      <div className="smext-Sections" ref={setScroller}>
        <div>
          <ThisNotebook current={props.current} />
          <BillingNow state={state} />
          <Kinds state={state} />
        </div>
      </div>
    </ScrollContext.Provider>
  );
}

/** Why there is nothing, or nothing newer, and what to do. */
function Banner(props: { state: State }): JSX.Element {
  const { model, trans } = useSmext();
  const { connection, context, failure } = props.state;
  const problem = failure ?? context?.problem;
  if (!problem) {
    return <></>;
  }
  return (
    <ProblemNote
      problem={problem}
      level={connection === 'lost' && context ? 'warn' : 'bad'}
    >
      {failure && <LastAnswer answered={props.state.answered} />}
      <button className="smext-Button" onClick={() => void model.refresh()}>
        {trans.__('Try again')}
      </button>
    </ProblemNote>
  );
}

function LastAnswer(props: { answered: number | null }): JSX.Element {
  const { model, trans } = useSmext();
  const now = useNow(5000) - model.state.skew;
  return props.answered === null ? (
    <></>
  ) : (
    <p>
      {trans.__('What is shown is %1 old.', age((now - props.answered) / 1000))}
    </p>
  );
}

function BillingNow(props: { state: State }): JSX.Element {
  const { trans } = useSmext();
  const { state } = props;
  const rows = React.useMemo(() => billingRows(state), [state.tables]);
  return (
    <Section
      name="billing-now"
      title={trans.__('Billing now')}
      aside={
        state.summary?.ready && <span className="smext-num">{rows.length}</span>
      }
      openAtFirst
    >
      {() => (
        <>
          {rows.length === 0 && state.summary?.ready && (
            <p className="smext-Empty">
              {state.summary.unseen.length > 0
                ? trans.__('Nothing among what can be seen.')
                : trans.__('Nothing bills by the hour now.')}
            </p>
          )}
          <RowList
            count={rows.length}
            label={trans.__('Billing now')}
            idOf={index => rowId(rows[index])}
            render={index => (
              <RowItem
                row={rows[index]}
                kind={findKind(state, rows[index].kind)}
                variant="billing"
                asOf={state.tables.get(rows[index].kind)?.as_of ?? null}
              />
            )}
          />
        </>
      )}
    </Section>
  );
}
