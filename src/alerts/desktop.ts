import { Notification } from '@jupyterlab/apputils';
import type { IDisposable } from '@lumino/disposable';
import type { CostWarning } from '../generated';
import type { ISmext } from '../tokens';

/** Warnings as the browser shows them beside its window, where the user wants that. */
export class Desktop implements IDisposable {
  constructor(private _smext: Pick<ISmext, 'preferences' | 'trans'>) {
    _smext.preferences.changed.connect(this._onChanged);
    this._onChanged();
  }

  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
    this._smext.preferences.changed.disconnect(this._onChanged);
  }

  /** Say it, if it may be said; `show` is what a click leads to. */
  say(warning: CostWarning, show: () => void): void {
    const { Notification: Native } = window;
    if (!this._smext.preferences.desktop || Native?.permission !== 'granted') {
      return;
    }
    const { id, text, title } = warning;
    const shown = new Native(title, { body: text, tag: `smext ${id}` });
    shown.onclick = () => {
      window.focus();
      shown.close();
      show();
    };
  }

  /** Browsers ask only after a click, so there is something to click. */
  private _onChanged = (): void => {
    const { preferences, trans } = this._smext;
    if (!preferences.desktop || this._asked) {
      return;
    }
    this._asked = true;
    const permission = window.Notification?.permission ?? 'denied';
    if (permission === 'denied') {
      const text = trans.__(
        'This browser shows no notifications of this page. Allow them in its settings for this address.'
      );
      Notification.warning(text, { autoClose: 10_000 });
    } else if (permission === 'default') {
      const text = trans.__(
        'SageMaker warnings are to be shown outside of the page too: the browser has to allow it.'
      );
      const allow = () => void window.Notification.requestPermission();
      const actions = [{ label: trans.__('Allow…'), callback: allow }];
      Notification.info(text, { autoClose: false, actions });
    }
  };

  private _asked = false;
}
