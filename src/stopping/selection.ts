import type { SmextApi } from '../api';
import { problemOf } from '../errors';
import type { Problem, Row, RowAction, RowRef } from '../generated';
import { ending, rowId } from '../rows';

/** Something that can be stopped together with others. */
export type Item = { row: Row; action: RowAction };

/** Why something is not stopped with the others. */
export type Why = 'this machine' | 'kept' | 'asks twice' | 'no action';

export type Choice = {
  items: Item[];
  leftOut: { row: Row; why: Why }[];
};

/** What of these rows can be stopped together; `kept` is not. */
export function chosen(rows: readonly Row[], kept: readonly RowRef[]): Choice {
  const marked = new Set(kept.map(rowId));
  const choice: Choice = { items: [], leftOut: [] };
  for (const row of rows) {
    const action = ending(row);
    if (row.here) {
      choice.leftOut.push({ row, why: 'this machine' });
    } else if (action?.ask_twice) {
      choice.leftOut.push({ row, why: 'asks twice' });
    } else if (marked.has(rowId(row))) {
      choice.leftOut.push({ row, why: 'kept' });
    } else if (action === null) {
      choice.leftOut.push({ row, why: 'no action' });
    } else {
      choice.items.push({ row, action });
    }
  }
  return choice;
}

/** What became of one of them. */
export type Outcome = {
  item: Item;
  message: string;
  problem: Problem | null;
};

/** So many at once: AWS refuses who asks for much at a time. */
const AT_ONCE = 3;

/** Stop them all; one that fails keeps no other from being stopped. */
export async function stopAll(
  api: Pick<SmextApi, 'act'>,
  items: readonly Item[],
  onDone: (done: number) => void
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...items];
  let done = 0;
  const work = async () => {
    for (let item = waiting.shift(); item; item = waiting.shift()) {
      outcomes.push(await stopOne(api, item));
      done += 1;
      onDone(done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcomes.sort((a, b) => items.indexOf(a.item) - items.indexOf(b.item));
}

async function stopOne(
  api: Pick<SmextApi, 'act'>,
  item: Item
): Promise<Outcome> {
  try {
    const { message } = await api.act(item.row, item.action.name, {
      confirmed: true,
      confirmed_twice: false
    });
    return { item, message, problem: null };
  } catch (error) {
    return { item, message: '', problem: problemOf(error) };
  }
}
