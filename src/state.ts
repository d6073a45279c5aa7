import type {
  Context,
  KindInfo,
  Problem,
  Row,
  Summary,
  Table,
  Tables,
  Warnings
} from './generated';

/** Whether the server half answers: `lost` has answered before, or may yet. */
export type Connection = 'starting' | 'connected' | 'missing' | 'lost';

/** Everything the views draw. Never changed in place. */
export type State = {
  readonly connection: Connection;
  /** Why the last request failed; null after a good one. */
  readonly failure: Problem | null;
  /** When the last good answer came, ms of this browser's clock. */
  readonly answered: number | null;
  readonly context: Context | null;
  readonly kinds: readonly KindInfo[];
  readonly tables: ReadonlyMap<string, Table>;
  readonly summary: Summary | null;
  /** What was worth a word when it was last asked for. */
  readonly warnings: Warnings | null;
  readonly revision: number;
  /** Server's clock minus this browser's, ms. */
  readonly skew: number;
};

export const EMPTY: State = {
  connection: 'starting',
  failure: null,
  answered: null,
  context: null,
  kinds: [],
  tables: new Map(),
  summary: null,
  warnings: null,
  revision: 0,
  skew: 0
};

/** After an answer of the tables route; `all` when it was asked for every table. */
export function withTables(
  state: State,
  answer: Tables,
  received: number,
  all: boolean
): State {
  if (!all && answer.revision < state.revision) {
    // An answer that was overtaken by a newer one.
    return state;
  }
  const tables = new Map(all ? [] : state.tables);
  for (const table of answer.tables) {
    tables.set(table.kind, table);
  }
  return {
    ...state,
    ...GOOD,
    answered: received,
    tables,
    summary: answer.summary,
    revision: answer.revision,
    skew: Date.parse(answer.now) - received
  };
}

/** After the context and the kinds were read. */
export function withContext(
  state: State,
  context: Context,
  kinds: readonly KindInfo[]
): State {
  return { ...state, context, kinds };
}

/** After an answer of the warnings route. */
export function withWarnings(state: State, warnings: Warnings): State {
  return { ...state, warnings };
}

/** After a request that failed: what was known stays. */
export function withFailure(
  state: State,
  problem: Problem,
  missing: boolean
): State {
  const connection = missing ? 'missing' : 'lost';
  return { ...state, connection, failure: problem };
}

/** The row, if its table holds it. */
export function findRow(
  state: State,
  kind: string,
  key: string
): Row | undefined {
  return state.tables.get(kind)?.rows.find(row => row.key === key);
}

/** Whether a status moves by itself soon. */
export function anyChanging(state: State): boolean {
  return [...state.tables.values()].some(table =>
    table.rows.some(row => row.changing)
  );
}

/** The kind's own description. */
export function findKind(state: State, kind: string): KindInfo | undefined {
  return state.kinds.find(info => info.name === kind);
}

/** What keeps several kinds from being read, each with the kinds that it hides. */
export function sharedCauses(state: State): ReadonlyMap<string, Table[]> {
  const found = new Map<string, Table[]>();
  for (const table of state.tables.values()) {
    const cause = table.problem?.cause;
    if (cause) {
      found.set(cause, [...(found.get(cause) ?? []), table]);
    }
  }
  return new Map([...found].filter(([, tables]) => tables.length > 1));
}

const GOOD = { connection: 'connected' as Connection, failure: null };
