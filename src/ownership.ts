import type { IStateDB } from '@jupyterlab/statedb';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { Problem, Row, Summary } from './generated';

const KEY = 'smext:whose';

/** Whether lists show everything, or what surely is the user's; remembered in the workspace. */
export class Whose {
  constructor(private _states: IStateDB | null) {
    void this._load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get mine(): boolean {
    return this._mine ?? false;
  }

  set mine(mine: boolean) {
    this._mine = mine;
    this._changed.emit();
    void this._states?.save(KEY, mine).catch(() => undefined);
  }

  private async _load(): Promise<void> {
    const saved = await this._states?.fetch(KEY).catch(() => undefined);
    if (typeof saved === 'boolean' && this._mine === null) {
      this._mine = saved;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _mine: boolean | null = null;
}

/** Rows that surely are the user's, or all of them. */
export function shown(rows: readonly Row[], mine: boolean): readonly Row[] {
  return mine ? rows.filter(row => row.mine === true) : rows;
}

/** How many rows there are, how many surely are the user's, and of how many nobody knows. */
export function split(rows: readonly Row[]): {
  all: number;
  mine: number;
  unknown: number;
} {
  return {
    all: rows.length,
    mine: rows.filter(row => row.mine === true).length,
    unknown: rows.filter(row => row.mine === null).length
  };
}

/** Something is missing from what was read: not visible, not read whole, or not read yet. */
function hides(summary: Summary | null): boolean {
  return (
    !summary ||
    !summary.ready ||
    summary.unseen.length > 0 ||
    summary.partly.length > 0
  );
}

/** What some of the rows bill, by the rule of the server's total: nothing unknown counts as zero. */
export function total(
  rows: readonly Row[],
  summary: Summary | null
): Pick<
  Summary,
  'usd_per_hour' | 'count' | 'uncertain' | 'unpriced' | 'at_least'
> {
  const { count, uncertain, unpriced, usdPerHour } = part(rows);
  const at_least = hides(summary) || uncertain > 0 || unpriced > 0;
  return {
    usd_per_hour: at_least && usdPerHour === 0 ? null : usdPerHour,
    count,
    uncertain,
    unpriced,
    at_least
  };
}

/** What could not be looked at beside the kinds that are not visible: whether things idle, what is to be kept. */
export function uncheckedBeside(
  summary: Summary,
  unchecked: readonly Problem[]
): Problem[] {
  const said = [...summary.unseen, ...summary.partly].map(
    each => each.problem.message
  );
  return unchecked.filter(problem => !said.includes(problem.message));
}

/** What bills of some rows. */
type Part = {
  usdPerHour: number;
  /** How many surely bill. */
  count: number;
  unpriced: number;
  uncertain: number;
};

/** The sum of what these rows bill; what has no price is counted, not guessed. */
function part(rows: readonly Row[]): Part {
  const billing = rows.filter(row => row.billing.certainty === 'billing');
  const rates = billing.map(row => row.billing.usd_per_hour);
  return {
    usdPerHour: rates.reduce((sum: number, usd) => sum + (usd ?? 0), 0),
    count: billing.length,
    unpriced: rates.filter(usd => usd === null).length,
    uncertain: rows.filter(row => row.billing.certainty === 'may be billing')
      .length
  };
}
