import type { TranslationBundle } from '@jupyterlab/translation';
import { rate } from '../format';
import type { KindInfo, Row } from '../generated';
import { billingRows } from '../rows';
import type { State } from '../state';
import { split, total } from '../ownership';

/** What goes on billing when this server is gone, not what surely is others': first the user's, the dearest first. */
export function remaining(state: State): Row[] {
  return billingRows(state)
    .filter(row => row.mine !== false)
    .sort((a, b) => Number(b.mine === true) - Number(a.mine === true));
}

/** `2 endpoints, 1 training job go on: at least $1.20/h`. */
export function goesOn(
  rows: readonly Row[],
  state: Pick<State, 'kinds' | 'summary'>,
  trans: TranslationBundle
): string {
  const { at_least, usd_per_hour } = total(rows, state.summary);
  const usd = rate(usd_per_hour);
  const things = counted(rows, state.kinds);
  if (!at_least) {
    return trans._n(
      '%2 goes on: %3.',
      '%2 go on: %3.',
      rows.length,
      things,
      usd
    );
  }
  return usd_per_hour === null
    ? trans._n(
        '%2 goes on, at a price that is not known.',
        '%2 go on, at a price that is not known.',
        rows.length,
        things
      )
    : trans._n(
        '%2 goes on: at least %3.',
        '%2 go on: at least %3.',
        rows.length,
        things,
        usd
      );
}

/** What is not known of it, a sentence each. */
export function unknowns(state: State, trans: TranslationBundle): string[] {
  const { summary } = state;
  if (!summary) {
    return [trans.__('The account has not been read.')];
  }
  const rows = remaining(state);
  const { uncertain, unpriced } = total(rows, summary);
  const { unknown } = split(rows);
  return [
    !summary.ready && trans.__('Some kinds have not been read yet.'),
    summary.unseen.length > 0 &&
      trans.__(
        'Not visible: %1.',
        summary.unseen.map(({ label }) => label).join(', ')
      ),
    summary.partly.length > 0 &&
      trans.__(
        'Not read whole: %1.',
        summary.partly.map(({ label }) => label).join(', ')
      ),
    unpriced > 0 && trans.__('%1 without a price.', unpriced),
    uncertain > 0 && trans.__('%1 may be billing.', uncertain),
    unknown > 0 && trans.__('Of %1 nobody knows whose it is.', unknown)
  ].filter((line): line is string => line !== false);
}

/** `2 endpoints, 1 training job`. */
function counted(rows: readonly Row[], kinds: readonly KindInfo[]): string {
  const counts = new Map<string, number>();
  for (const { kind } of rows) {
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .map(([kind, count]) => `${count} ${named(kinds, kind, count)}`)
    .join(', ');
}

/** A kind as it stands within a sentence. */
function named(
  kinds: readonly KindInfo[],
  name: string,
  count: number
): string {
  const info = kinds.find(each => each.name === name);
  if (!info || count === 1) {
    return info?.singular ?? name;
  }
  const { label, singular } = info;
  const proper = singular[0] === singular[0].toUpperCase();
  return proper ? label : label[0].toLowerCase() + label.slice(1);
}
