import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** Nobody is here who has touched nothing for so long, in ms. */
export const AWAY = 10 * 60_000;

const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'focus'];

/** Knows whether somebody is at the page: an open page alone says nothing of that. */
export class Touch implements IDisposable {
  constructor(private _patience = AWAY) {
    for (const sign of SIGNS) {
      window.addEventListener(sign, this._onSign, OPTIONS);
    }
    document.addEventListener('visibilitychange', this._onSign);
  }

  /** Nobody has touched the page for a while. */
  get away(): boolean {
    return Date.now() - this._last >= this._patience;
  }

  /** Somebody is back. */
  get returned(): ISignal<this, void> {
    return this._returned;
  }

  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
    for (const sign of SIGNS) {
      window.removeEventListener(sign, this._onSign, OPTIONS);
    }
    document.removeEventListener('visibilitychange', this._onSign);
    Signal.clearData(this);
  }

  private _onSign = (): void => {
    if (document.hidden) {
      return;
    }
    const { away } = this;
    this._last = Date.now();
    if (away) {
      this._returned.emit();
    }
  };

  private _last = Date.now();
  private _returned = new Signal<this, void>(this);
}

const OPTIONS = { capture: true, passive: true };
