import type { IStateDB } from '@jupyterlab/statedb';
import type { ReadonlyPartialJSONValue } from '@lumino/coreutils';

const KEY = 'smext:guard';

/** Times in ms, by the id of a warning or of a target. */
type Times = { [id: string]: number };

/** What was put off and when somebody looked last, kept when the page is left. */
export class Memory {
  static async read(states: IStateDB | null): Promise<Memory> {
    const saved = await states?.fetch(KEY).catch(() => undefined);
    return new Memory(states, saved);
  }

  /** Whether this warning was put off until later than `now`. */
  isSnoozed(id: string, now: number): boolean {
    return (this._snoozed[id] ?? 0) > now;
  }

  snooze(id: string, until: number, now: number): void {
    const current = Object.entries(this._snoozed).filter(
      ([, time]) => time > now
    );
    this._snoozed = { ...Object.fromEntries(current), [id]: until };
    this._save();
  }

  /** When somebody last looked at this target; null if that is not known. */
  lookedAt(target: string): number | null {
    return this._looked[target] ?? null;
  }

  looked(target: string, now: number): void {
    this._looked = { ...this._looked, [target]: now };
    this._save();
  }

  private constructor(
    private _states: IStateDB | null,
    saved: ReadonlyPartialJSONValue | undefined
  ) {
    const { looked, snoozed } = (saved ?? {}) as {
      looked?: unknown;
      snoozed?: unknown;
    };
    this._looked = times(looked);
    this._snoozed = times(snoozed);
  }

  private _save(): void {
    const value = { looked: this._looked, snoozed: this._snoozed };
    void this._states?.save(KEY, value).catch(() => undefined);
  }

  private _looked: Times;
  private _snoozed: Times;
}

function times(saved: unknown): Times {
  const pairs = Object.entries((saved ?? {}) as object);
  return Object.fromEntries(
    pairs.filter(([, time]) => typeof time === 'number')
  ) as Times;
}
