import type { IStateDB } from '@jupyterlab/statedb';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

const KEY = 'smext:sections';

/** Which sections are open; remembered in the workspace. */
export class Sections {
  constructor(private _states: IStateDB | null) {
    void this._load();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  isOpen(name: string, fallback: boolean): boolean {
    return this._open[name] ?? fallback;
  }

  set(name: string, open: boolean): void {
    this._open = { ...this._open, [name]: open };
    this._changed.emit();
    void this._states?.save(KEY, this._open);
  }

  private async _load(): Promise<void> {
    const saved = await this._states?.fetch(KEY);
    if (saved && typeof saved === 'object') {
      this._open = { ...(saved as Record<string, boolean>), ...this._open };
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _open: Record<string, boolean> = {};
}
