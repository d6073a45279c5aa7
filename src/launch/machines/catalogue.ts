import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { problemOf } from '../../errors';
import type { LaunchForm, Machines, Problem } from '../../generated';

type Kind = LaunchForm['job_kind'];

/** The route that tells which machines there are. */
export interface IMachineRoutes {
  launchMachines(kind: Kind): Promise<Machines>;
}

/** Waiting times in ms: between two looks, and until an answer is too old to be shown again. */
export type Pace = { again: readonly number[]; stale: number };

const PACE: Pace = {
  again: [300, 500, 1000, 1000, 2000, 2000, 3000, 5000, 5000, 10000],
  stale: 60_000
};

/** The machines of each kind of job: asked for when somebody looks, and again while AWS has not told all. */
export class Catalogue {
  constructor(
    private _routes: IMachineRoutes,
    private _pace: Pace = PACE
  ) {}

  /** Why the last question had no answer. */
  problem: Problem | null = null;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  of(kind: Kind): Machines | null {
    return this._known.get(kind)?.machines ?? null;
  }

  /** Something is still to come. */
  get asking(): boolean {
    return this._asking !== null;
  }

  /** Somebody looks at the machines of a kind. */
  look(kind: Kind): void {
    const known = this._known.get(kind);
    const fresh = known && Date.now() - known.at < this._pace.stale;
    if (this._asking !== kind && !(fresh && known.machines.ready)) {
      clearTimeout(this._timer);
      this._asking = kind;
      void this._ask(kind, 0);
    }
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._asking = null;
    this._disposed = true;
    Signal.clearData(this);
  }

  private async _ask(kind: Kind, turn: number): Promise<void> {
    let machines: Machines | null = null;
    let problem: Problem | null = null;
    try {
      machines = await this._routes.launchMachines(kind);
    } catch (error) {
      problem = problemOf(error);
    }
    if (this._disposed || this._asking !== kind) {
      return;
    }
    this.problem = problem;
    if (machines) {
      this._known.set(kind, { machines, at: Date.now() });
    }
    const wait = this._pace.again[turn];
    if (machines?.ready === false && wait !== undefined) {
      this._timer = setTimeout(() => void this._ask(kind, turn + 1), wait);
    } else {
      this._asking = null;
    }
    this._changed.emit();
  }

  private _asking: Kind | null = null;
  private _changed = new Signal<this, void>(this);
  private _disposed = false;
  private _known = new Map<Kind, { machines: Machines; at: number }>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
