import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { problemOf } from '../../errors';
import type {
  Code,
  CodeRequest,
  LaunchRequest,
  Plan,
  Problem
} from '../../generated';

/** The route that writes code. */
export interface ICodeRoutes {
  launchCode(request: CodeRequest): Promise<Code>;
}

/** The part of a launch session that code is made of. */
export interface ICodeSource {
  readonly plan: Plan | null;
  readonly changed: ISignal<unknown, void>;
  request(): LaunchRequest | null;
}

/** A launch as code, read anew for every plan while somebody looks at it. */
export class LaunchCode {
  constructor(
    private _routes: ICodeRoutes,
    private _source: ICodeSource
  ) {}

  code: Code | null = null;
  /** Why there is none. */
  problem: Problem | null = null;
  /** The code is behind the plan, or behind what was chosen. */
  reading = false;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The SDK that was asked for; null leaves it to the notebook's kernel. */
  get sdk(): Sdk {
    return this._sdk;
  }

  choose(sdk: Sdk): void {
    this._sdk = sdk;
    void this._read();
  }

  /** Follow the plan from now on. */
  open(): void {
    this._source.changed.connect(this._follow);
    this._follow();
  }

  close(): void {
    this._source.changed.disconnect(this._follow);
  }

  private _follow = (): void => {
    if (this._source.plan !== this._plan) {
      void this._read();
    }
  };

  private async _read(): Promise<void> {
    const turn = ++this._turn;
    const request = this._source.request();
    this._plan = this._source.plan;
    this.reading = request !== null;
    this._changed.emit();
    if (request === null) {
      return;
    }
    try {
      const code = await this._routes.launchCode({
        ...request,
        sdk: this._sdk
      });
      this._settle(turn, code, null);
    } catch (error) {
      this._settle(turn, null, problemOf(error));
    }
  }

  private _settle(
    turn: number,
    code: Code | null,
    problem: Problem | null
  ): void {
    if (turn === this._turn) {
      this.code = code;
      this.problem = problem;
      this.reading = false;
      this._changed.emit();
    }
  }

  private _changed = new Signal<this, void>(this);
  private _plan: Plan | null = null;
  private _sdk: Sdk = null;
  private _turn = 0;
}

type Sdk = CodeRequest['sdk'];
