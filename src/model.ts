import type { Event } from '@jupyterlab/services';
import type { IDisposable } from '@lumino/disposable';
import { DisposableDelegate } from '@lumino/disposable';
import type { IPoll } from '@lumino/polling';
import { Poll } from '@lumino/polling';
import type { ISignal, Slot } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { SmextApi, Watch } from './api';
import { problemOf, ServerHalfMissing } from './errors';
import type { Changed, Warnings } from './generated';
import type { Place } from './rows';
import type { State } from './state';
import {
  anyChanging,
  EMPTY,
  withContext,
  withFailure,
  withTables,
  withWarnings
} from './state';
import { Touch } from './presence';

/** What the server pushes when a table has changed. */
export const CHANGED = 'https://smext.dev/events/changed/v1';

/** The part of the event manager that is used here. */
export interface IEvents {
  readonly stream: {
    connect(slot: Slot<unknown, Event.Emission>): boolean;
    disconnect(slot: Slot<unknown, Event.Emission>): boolean;
  };
}

/** Renews the server's lease of 90 s well before it ends, in ms. */
const PACE = { interval: 30_000, backoff: true, max: 120_000 };
/** While first answers are awaited: what was pushed before the socket stood is lost. */
const FIRST_INTERVAL = 1000;
/** While something moves: a proxy may swallow what is pushed. */
const MOVING_INTERVAL = 5000;

/** Owns what is known of the account, its age, and why there is nothing newer. */
export class SmextModel implements IDisposable {
  constructor(
    readonly api: SmextApi,
    private _events: IEvents,
    standby: Poll.Standby = 'when-hidden'
  ) {
    this._poll = new Poll({
      name: 'smext:tables',
      auto: false,
      factory: () => this._fetch(),
      frequency: PACE,
      linger: 0,
      standby
    });
    this._events.stream.connect(this._onEvent);
    this._touch.returned.connect(() => this.update());
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', this._onVisibility);
    }
  }

  get state(): State {
    return this._state;
  }

  get stateChanged(): ISignal<this, void> {
    return this._stateChanged;
  }

  /** A request is under way that the user asked for. */
  get refreshing(): boolean {
    return this._refreshing;
  }

  /** The page is open, but nobody has touched it for a while. */
  get away(): boolean {
    return this._touch.away;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  /** The server found something that deserves a word; emits what names the moment in all tabs. */
  get warned(): ISignal<this, string> {
    return this._warned;
  }

  /** A job was launched from here. */
  get launched(): ISignal<this, Place> {
    return this._launched;
  }

  /** Tell everybody of a launch; its row follows. */
  noteLaunch(place: Place): void {
    this._launched.emit(place);
    this.update();
  }

  /** Keep what deserves a word, for all who draw it. */
  noteWarnings(warnings: Warnings): void {
    this._set(withWarnings(this._state, warnings));
  }

  /** The server's clock, ms. */
  now(): number {
    return Date.now() + this._state.skew;
  }

  start(): void {
    void this._poll.start();
  }

  /** Somebody looks closely, until the answer is disposed. */
  watch(): IDisposable {
    this._watchers += 1;
    if (this._watchers === 1) {
      this.update();
    }
    return new DisposableDelegate(() => {
      this._watchers -= 1;
    });
  }

  /** Ask the server for what is newer; once more if it is being asked already. */
  update(): void {
    if (this._flying) {
      this._again = true;
    } else if (!this.isDisposed) {
      // Not `refresh`: that does nothing while an earlier one is under way.
      void this._poll.schedule({ interval: 0, phase: 'refreshed' });
    }
  }

  /** Have the server ask AWS again, now. */
  async refresh(): Promise<void> {
    this._refreshing = true;
    this._stateChanged.emit();
    try {
      await this.api.refresh();
    } catch (error) {
      this._fail(error);
    }
    this._refreshing = false;
    this._whole = true;
    this._contextRead = false;
    this._stateChanged.emit();
    this.update();
  }

  /** Look at another account or region. */
  setTarget(target: string | null): void {
    if (target === this.api.target) {
      return;
    }
    this.api.target = target;
    this._generation += 1;
    this._contextRead = false;
    this._whole = true;
    this._set(EMPTY);
    this.update();
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._events.stream.disconnect(this._onEvent);
    document.removeEventListener('visibilitychange', this._onVisibility);
    clearTimeout(this._pushed);
    this._touch.dispose();
    this._poll.dispose();
    Signal.clearData(this);
  }

  private async _fetch(): Promise<void> {
    const generation = this._generation;
    this._flying = true;
    try {
      await this._readContext(generation);
      await this._readTables(generation, this._whole);
    } catch (error) {
      if (generation === this._generation) {
        this._fail(error);
        throw error;
      }
    } finally {
      this._flying = false;
      if (this._again) {
        this._again = false;
        this.update();
      }
    }
  }

  private async _readContext(generation: number): Promise<void> {
    if (this._contextRead && !this._state.context?.problem) {
      return;
    }
    const [context, kinds] = await Promise.all([
      this.api.context(),
      this.api.kinds()
    ]);
    if (generation === this._generation) {
      this._contextRead = true;
      this._set(withContext(this._state, context, kinds));
    }
  }

  private async _readTables(generation: number, all: boolean): Promise<void> {
    const near: Watch = this._watchers > 0 ? 'panel' : 'glance';
    const watch: Watch = this.away ? 'away' : near;
    const since = all ? 0 : this._state.revision;
    const answer = await this.api.tables(since, watch);
    if (generation !== this._generation) {
      return;
    }
    if (answer.revision < since) {
      // The server has started anew and counts from the beginning.
      return this._readTables(generation, true);
    }
    if (all) {
      this._whole = false;
    }
    this._set(withTables(this._state, answer, Date.now(), since === 0));
    this._poll.frequency = this._frequency();
  }

  private _frequency(): IPoll.Frequency {
    const { context, summary } = this._state;
    if (!summary?.ready || context?.problem?.code === 'waiting') {
      return { ...PACE, interval: FIRST_INTERVAL };
    }
    const moves = this._watchers > 0 && anyChanging(this._state);
    return moves ? { ...PACE, interval: MOVING_INTERVAL } : PACE;
  }

  private _fail(error: unknown): void {
    // What was pushed meanwhile is lost: the next answer has to be whole.
    this._whole = true;
    this._contextRead = false;
    const missing = error instanceof ServerHalfMissing;
    this._set(withFailure(this._state, problemOf(error), missing));
  }

  private _set(state: State): void {
    this._state = state;
    this._stateChanged.emit();
  }

  private _onEvent = (_: unknown, event: Event.Emission): void => {
    if (event.schema_id !== CHANGED) {
      return;
    }
    const changed = event as unknown as Changed;
    const { context, revision } = this._state;
    if (context && changed.target !== context.target.id) {
      return;
    }
    if (changed.warned) {
      this._warned.emit(`${changed.target} ${momentOf(event, revision)}`);
    }
    if (changed.revision > revision || this._whole) {
      this._soon();
    }
  };

  /** Events come in bursts; one request answers them all. */
  private _soon(): void {
    if (this._pushed === undefined) {
      this._pushed = setTimeout(() => {
        this._pushed = undefined;
        if (!isHidden()) {
          this.update();
        }
      }, PUSH_DELAY);
    }
  }

  private _onVisibility = (): void => {
    if (!isHidden()) {
      // What was pushed meanwhile was passed over, or lost with the socket.
      this._whole = true;
      this.update();
    }
  };

  private _again = false;
  private _contextRead = false;
  private _flying = false;
  private _generation = 0;
  private _launched = new Signal<this, Place>(this);
  private _poll: Poll;
  private _pushed: ReturnType<typeof setTimeout> | undefined;
  private _refreshing = false;
  private _state: State = EMPTY;
  private _stateChanged = new Signal<this, void>(this);
  private _touch = new Touch();
  private _warned = new Signal<this, string>(this);
  private _watchers = 0;
  private _whole = true;
}

const PUSH_DELAY = 50;

/** When the server emitted an event; the same for every tab that gets it. */
function momentOf(event: Event.Emission, otherwise: number): string {
  return String(event['__timestamp__'] ?? otherwise);
}

function isHidden(): boolean {
  return typeof document !== 'undefined' && document.hidden;
}
