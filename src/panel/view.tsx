import * as React from 'react';
import { age } from '../format';
import { useModelState, useNow, useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import type { State } from '../state';
import { ScrollContext } from '../table/list';
import { BillingNow } from './billing';
import type { CurrentNotebook } from './current';
import { Head } from './head';
import { Kinds } from './kinds';
import { MoneyNow } from './money';
import { ThisNotebook } from './notebook';

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
  if (problem.code === 'waiting') {
    return <ProblemNote problem={problem} level="warn" />;
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
