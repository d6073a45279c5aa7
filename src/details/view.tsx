import * as React from 'react';
import type { ItemDetail, KindInfo } from '../generated';
import { useModelState, useSignal, useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import type { Tab } from '../components/tabs';
import { Tabs } from '../components/tabs';
import { findKind } from '../state';
import { Cells } from './cells';
import { Facts, Json, Parameters } from './facts';
import { ItemHead } from './head';
import { LogView } from './log';
import { OutputList } from './outputs';
import type { ItemSession } from './session';
import { Timeline } from './timeline';

/** Everything of one item; what its kind has not got has no tab. */
export function ItemView(props: {
  session: ItemSession;
  name: string;
}): JSX.Element {
  const { trans } = useSmext();
  const { name, session } = props;
  useSignal(session, session.changed);
  const state = useModelState();
  const { detail, problem } = session;
  const kind = findKind(state, session.place.kind);
  const tabs = useTabs(session, kind);
  return (
    <div className="smext-Page smext-Page-item">
      {detail ? (
        <ItemHead session={session} detail={detail} kind={kind} />
      ) : (
        <h1>{name}</h1>
      )}
      {problem && (
        <ProblemNote problem={problem} level={detail ? 'warn' : 'bad'}>
          <button
            className="smext-Button"
            onClick={() => void session.refresh()}
          >
            {trans.__('Try again')}
          </button>
        </ProblemNote>
      )}
      {detail?.problems.map(each => (
        <ProblemNote key={each.message} problem={each} level="warn" />
      ))}
      {detail ? (
        <>
          {detail.phases.length > 0 && <Timeline phases={detail.phases} />}
          <Tabs label={trans.__('About %1', name)} tabs={tabs} />
        </>
      ) : (
        !problem && <p className="smext-muted">{trans.__('Reading…')}</p>
      )}
    </div>
  );
}

function useTabs(session: ItemSession, kind: KindInfo | undefined): Tab[] {
  const { trans } = useSmext();
  const { detail } = session;
  if (!detail) {
    return [];
  }
  const ran = hasCells(detail);
  const facts = {
    id: 'facts',
    label: trans.__('Details'),
    content: () => <Facts detail={detail} kind={kind} />
  };
  const tabs: (Tab | false | undefined)[] = [
    ran
      ? {
          id: 'cells',
          label: cellsLabel(detail, trans.__('Cells')),
          content: () => <Cells detail={detail} />
        }
      : facts,
    kind?.has_logs && {
      id: 'log',
      label: trans.__('Log'),
      content: () => <LogView session={session} />
    },
    kind?.has_outputs && {
      id: 'outputs',
      label: trans.__('Outputs'),
      content: () => <OutputList session={session} />
    },
    Object.keys(detail.parameters).length > 0 && {
      id: 'parameters',
      label: trans.__('Parameters'),
      content: () => <Parameters parameters={detail.parameters} />
    },
    ran && facts,
    Object.keys(detail.request).length > 0 && {
      id: 'request',
      label: trans.__('Request'),
      content: () => <Json value={detail.request} />
    }
  ];
  return tabs.filter((tab): tab is Tab => Boolean(tab));
}

function hasCells({ row, run }: ItemDetail): boolean {
  return run !== null || (row.notebook !== null && row.active);
}

function cellsLabel({ run }: ItemDetail, label: string): string {
  return run && run.total > 0 ? `${label} ${run.done}/${run.total}` : label;
}
