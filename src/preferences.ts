import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** From which USD per hour on the number at the top changes its colour. */
export type Thresholds = { warn: number; alarm: number };

/** What the user has set; the defaults until the settings are read. */
export class Preferences {
  readonly thresholds: Thresholds = { warn: 1, alarm: 5 };
  notifyEnds = true;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Follow these settings from now on. */
  follow(settings: ISettingRegistry.ISettings): void {
    settings.changed.connect(() => this._read(settings));
    this._read(settings);
  }

  private _read(settings: ISettingRegistry.ISettings): void {
    const { warnAbove, alarmAbove, notifyEnds } = settings.composite;
    this.thresholds.warn = Number(warnAbove ?? 1);
    this.thresholds.alarm = Number(alarmAbove ?? 5);
    this.notifyEnds = notifyEnds !== false;
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
}
