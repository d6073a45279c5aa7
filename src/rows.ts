import type { Value } from './format';
import { instant } from './format';
import type { Row, RowAction } from './generated';
import type { State } from './state';

/** One row's name over all kinds. */
export type Place = { readonly kind: string; readonly key: string };

/** Stands for a row in sets, lists and storage. */
export function rowId({ kind, key }: Place): string {
  return `${kind} ${key}`;
}

/** What bills or may bill, dearest first; what has no price comes last. */
export function billingRows(state: State): Row[] {
  return allRows(state).filter(bills).sort(byRate);
}

/** Whether this row is in the number at the top, or might be. */
export function bills(row: Row): boolean {
  const { certainty } = row.billing;
  return certainty === 'billing' || certainty === 'may be billing';
}

/** The action that ends this thing, if it allows one now. */
export function ending(row: Row): RowAction | null {
  return row.actions.find(action => action.danger) ?? null;
}

/** The runs of one notebook, or of the one that `job` made a copy of; newest first. */
export function runsOf(
  state: State,
  notebook: string | null,
  job: string | null = null
): Row[] {
  if (notebook === null) {
    return [];
  }
  const rows = allRows(state).filter(row => row.notebook !== null);
  const made = job && rows.find(row => row.name === job);
  const source = made ? made.notebook : notebook;
  return rows
    .filter(row => row.notebook === source)
    .sort((a, b) => began(b) - began(a));
}

/** Rows that hold every word of the filter. */
export function filtered(rows: readonly Row[], filter: string): Row[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) {
    return [...rows];
  }
  return rows.filter(row => {
    const text = searchable(row);
    return words.every(word => text.includes(word));
  });
}

/** How many rows there are, and how many of them are not history. */
export function counts(rows: readonly Row[]): {
  active: number;
  total: number;
} {
  return { active: rows.filter(row => row.active).length, total: rows.length };
}

/** A column's value: the row's own, or one that every row has, such as its name or rate. */
export function cellOf(row: Row, column: string): Value {
  for (const part of [row.cells, row, row.billing] as object[]) {
    const found = (part as Record<string, unknown>)[column];
    if (found !== undefined && (found === null || typeof found !== 'object')) {
      return found as Value;
    }
  }
  return undefined;
}

/** What a reason says before it goes into the traceback. */
export function firstLine(reason: string): string {
  return reason.split(/\n|\s-{10,}/, 1)[0].trim();
}

/** Seconds from the start to the end, or to `now` (ms) while it goes on. */
export function elapsed(row: Row, now: number): number | null {
  const from = instant(row.started) ?? instant(row.created);
  if (from === null) {
    return null;
  }
  const to = instant(row.ended) ?? now;
  return row.active || row.ended ? Math.max(0, (to - from) / 1000) : null;
}

/** USD so far at `now` (ms): what the server had added up, carried on at the same rate. */
export function accrued(
  row: Row,
  asOf: string | null,
  now: number
): number | null {
  const { accrued_usd, certainty, usd_per_hour } = row.billing;
  if (accrued_usd === null) {
    return null;
  }
  const read = instant(asOf);
  if (certainty !== 'billing' || usd_per_hour === null || read === null) {
    return accrued_usd;
  }
  return accrued_usd + (usd_per_hour * Math.max(0, now - read)) / 3_600_000;
}

function allRows(state: State): Row[] {
  return [...state.tables.values()].flatMap(table => table.rows);
}

function byRate(a: Row, b: Row): number {
  const rates = (b.billing.usd_per_hour ?? -1) - (a.billing.usd_per_hour ?? -1);
  return rates || a.name.localeCompare(b.name);
}

function began(row: Row): number {
  return instant(row.created) ?? instant(row.started) ?? 0;
}

function searchable(row: Row): string {
  return [
    row.name,
    row.status,
    row.detail_status,
    row.subtitle,
    row.reason,
    row.owner ?? '',
    row.notebook ?? ''
  ]
    .join('\n')
    .toLowerCase();
}
