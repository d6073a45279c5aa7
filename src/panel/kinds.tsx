import * as React from 'react';
import type { KindInfo, Table } from '../generated';
import { useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import type { State } from '../state';
import { findKind, sharedCauses } from '../state';
import { KindSection } from './kind';
import { Section } from './section';

/** A section for every kind of which there is something to say; the empty ones share one. */
export function Kinds(props: { state: State }): JSX.Element {
  const { state } = props;
  const known = (kind: KindInfo) => state.tables.get(kind.name);
  const empty = state.kinds.filter(kind => isEmpty(known(kind)));
  // What keeps every kind from being seen stands at the top, once.
  const blind = state.context?.problem !== null;
  const causes = sharedCauses(state);
  const said = (kind: KindInfo) =>
    causes.has(known(kind)?.problem?.cause ?? '');
  const shown = state.kinds.filter(
    kind =>
      !empty.includes(kind) &&
      !((blind || said(kind)) && !known(kind)?.rows.length)
  );
  return (
    <>
      {!blind &&
        [...causes].map(([cause, tables]) => (
          <Shared key={cause} cause={cause} tables={tables} state={state} />
        ))}
      {shown.map(kind => (
        <KindSection
          key={kind.name}
          kind={kind}
          table={known(kind)}
          said={said(kind)}
        />
      ))}
      {empty.length > 0 && <Empty kinds={empty} />}
    </>
  );
}

/** One cause, said once for all that it hides. */
function Shared(props: {
  cause: string;
  tables: readonly Table[];
  state: State;
}): JSX.Element {
  const { trans } = useSmext();
  const { cause, tables, state } = props;
  const [first] = tables;
  const labels = tables.map(
    table => findKind(state, table.kind)?.label ?? table.kind
  );
  const stale = tables.every(table => table.as_of !== null);
  return (
    <ProblemNote
      problem={{ ...first.problem!, message: cause }}
      level={stale ? 'warn' : 'bad'}
    >
      <p title={labels.join(', ')}>
        {trans._n(
          '%1 kind cannot be read.',
          '%1 kinds cannot be read.',
          tables.length
        )}
      </p>
    </ProblemNote>
  );
}

function Empty(props: { kinds: readonly KindInfo[] }): JSX.Element {
  const { trans } = useSmext();
  const { kinds } = props;
  return (
    <Section
      name="empty-kinds"
      title={trans.__('None of these')}
      aside={
        <span className="smext-num">
          {trans._n('%1 kind', '%1 kinds', kinds.length)}
        </span>
      }
    >
      {() => (
        <ul className="smext-EmptyKinds">
          {kinds.map(kind => (
            <li key={kind.name}>{kind.label}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** It was read, all of it, and there is nothing. */
function isEmpty(table: Table | undefined): boolean {
  return (
    table !== undefined &&
    table.as_of !== null &&
    table.problem === null &&
    table.rows.length === 0
  );
}
