import type { ISettingRegistry } from '@jupyterlab/settingregistry';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** From which USD per hour on the number at the top changes its colour. */
export type Thresholds = { warn: number; alarm: number };

/** From when on something is worth a warning, and how often that is looked at. */
export type WarningPreferences = {
  on: boolean;
  /** Between two looks. */
  minutes: number;
  usdPerHour: number;
  idleHours: number;
  longHours: number;
};

/** What the user has set; the defaults until the settings are read. */
export class Preferences {
  readonly thresholds: Thresholds = { warn: 1, alarm: 5 };
  readonly warnings: WarningPreferences = {
    on: true,
    minutes: 15,
    usdPerHour: 10,
    idleHours: 2,
    longHours: 24
  };
  /** Warnings outside of the page too, where the browser allows it. */
  desktop = false;
  notifyEnds = true;
  /** Members of the launch form as they are to open. */
  launch: Record<string, unknown> = {};

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Follow these settings from now on. */
  follow(settings: ISettingRegistry.ISettings): void {
    settings.changed.connect(() => this._read(settings));
    this._read(settings);
  }

  private _read(settings: ISettingRegistry.ISettings): void {
    const { composite } = settings;
    const { warnAbove, alarmAbove, notifyEnds } = composite;
    this.thresholds.warn = Number(warnAbove ?? 1);
    this.thresholds.alarm = Number(alarmAbove ?? 5);
    this.notifyEnds = notifyEnds !== false;
    this.launch = {
      ...(composite.launch as Record<string, unknown> | undefined)
    };
    this.desktop = composite.desktopNotifications === true;
    this.warnings.on = composite.warnings !== false;
    this.warnings.minutes = Number(composite.warnEveryMinutes ?? 15);
    this.warnings.usdPerHour = Number(composite.warnRate ?? 10);
    this.warnings.idleHours = Number(composite.warnIdleHours ?? 2);
    this.warnings.longHours = Number(composite.warnLongHours ?? 24);
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
}
