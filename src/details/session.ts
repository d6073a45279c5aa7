import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { problemOf } from '../errors';
import type { ItemDetail, LogPage, Outputs, Problem, Row } from '../generated';
import { LogFollower } from '../logs';
import type { Place } from '../rows';

/** The routes that the view of one item needs. */
export interface IItemRoutes {
  item(place: Place): Promise<ItemDetail>;
  logs(place: Place, cursor: string): Promise<LogPage>;
  outputs(place: Place): Promise<Outputs>;
}

/** ms between two looks at an item that moves. */
const PACE = 3000;

/** One item: its detail, log and outputs, read while somebody looks. */
export class ItemSession {
  constructor(
    private _routes: IItemRoutes,
    readonly place: Place,
    private _pace = PACE
  ) {
    this.log = new LogFollower(cursor => _routes.logs(place, cursor));
  }

  readonly log: LogFollower;
  detail: ItemDetail | null = null;
  problem: Problem | null = null;
  outputs: Outputs | null = null;
  outputsProblem: Problem | null = null;
  /** When the detail was read, ms of this browser's clock. */
  read = 0;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get visible(): boolean {
    return this._visible;
  }

  set visible(visible: boolean) {
    if (visible === this._visible) {
      return;
    }
    this._visible = visible;
    if (visible) {
      void this.refresh();
    } else {
      clearTimeout(this._timer);
      this.log.stop();
    }
    this._changed.emit();
  }

  /** Read the detail anew; one request at a time. */
  async refresh(): Promise<void> {
    clearTimeout(this._timer);
    if (this._reading) {
      this._again = true;
      return;
    }
    this._reading = true;
    try {
      this.detail = await this._routes.item(this.place);
      this.problem = null;
      this.read = Date.now();
    } catch (error) {
      this.problem = problemOf(error);
    }
    this._reading = false;
    this._changed.emit();
    this._next();
  }

  async readOutputs(): Promise<void> {
    try {
      this.outputs = await this._routes.outputs(this.place);
      this.outputsProblem = null;
    } catch (error) {
      this.outputsProblem = problemOf(error);
    }
    this._changed.emit();
  }

  /** The list shows the row otherwise than this detail does. */
  follow(row: Row | undefined): void {
    const known = this.detail?.row;
    if (row && known && this._visible && differs(row, known)) {
      void this.refresh();
    }
  }

  dispose(): void {
    this._visible = false;
    clearTimeout(this._timer);
    this.log.stop();
    Signal.clearData(this);
  }

  private _next(): void {
    if (!this._visible) {
      return;
    }
    if (this._again) {
      this._again = false;
      void this.refresh();
      return;
    }
    const row = this.detail?.row;
    if (!row || row.active || row.changing) {
      this._timer = setTimeout(() => void this.refresh(), this._pace);
    }
  }

  private _again = false;
  private _changed = new Signal<this, void>(this);
  private _reading = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _visible = false;
}

function differs(a: Row, b: Row): boolean {
  return (
    a.status !== b.status ||
    a.detail_status !== b.detail_status ||
    a.active !== b.active
  );
}
