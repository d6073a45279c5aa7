import type { Value } from '../format';
import type { Row } from '../generated';
import { cellOf } from '../rows';

/** By which column rows stand, and which way. */
export type Order = { column: string; descending: boolean };

/** Rows in that order, as they came where there is none; what is unknown comes last. */
export function ordered(
  rows: readonly Row[],
  order: Order | null
): readonly Row[] {
  if (order === null) {
    return rows;
  }
  const { column, descending } = order;
  return [...rows].sort((a, b) =>
    compare(cellOf(a, column), cellOf(b, column), descending ? -1 : 1)
  );
}

function compare(a: Value, b: Value, sign: number): number {
  const unknown = (given: Value) => given === null || given === undefined;
  if (unknown(a) || unknown(b)) {
    return Number(unknown(a)) - Number(unknown(b));
  }
  if (typeof a === 'number' && typeof b === 'number') {
    return sign * (a - b);
  }
  const text = { numeric: true, sensitivity: 'base' } as const;
  return sign * String(a).localeCompare(String(b), undefined, text);
}
