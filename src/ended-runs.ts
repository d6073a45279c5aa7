import type { Row } from './generated';
import { rowId } from './rows';
import type { State } from './state';

/**
 * Finds the runs that end while this page is open, and those that it had
 * launched before and that ended meanwhile.
 */
export class EndWatch {
  /** `awaited`: ids of launched rows whose end nobody was told of yet. */
  constructor(awaited: Iterable<string> = []) {
    this._launched = new Set(awaited);
  }

  /** Ids of launched rows that have not ended. */
  get awaited(): string[] {
    return [...this._launched];
  }

  launched(id: string): void {
    this._launched.add(id);
  }

  /** The rows that ended since the last call. */
  next(state: State): Row[] {
    const ended: Row[] = [];
    for (const table of state.tables.values()) {
      for (const row of table.rows) {
        if (this._ends(row)) {
          ended.push(row);
        }
      }
    }
    return ended;
  }

  private _ends(row: Row): boolean {
    const id = rowId(row);
    if (row.active) {
      if (row.notebook !== null && row.mine) {
        this._seen.add(id);
      }
      return false;
    }
    const known = this._launched.delete(id);
    return this._seen.delete(id) || known;
  }

  private _launched: Set<string>;
  private _seen = new Set<string>();
}
