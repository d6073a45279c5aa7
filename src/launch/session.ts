import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { problemOf, SmextApiError } from '../errors';
import type {
  Launched,
  LaunchDefaults,
  LaunchForm,
  LaunchRequest,
  NotebookDocument,
  Plan,
  Problem
} from '../generated';
import type { Reading } from './fields';
import { initialParameters } from './fields';

/** The routes that a launch needs. */
export interface ILaunchRoutes {
  launchDefaults(notebook: NotebookDocument): Promise<LaunchDefaults>;
  launchPlan(request: LaunchRequest): Promise<Plan>;
  launchApply(request: LaunchRequest): Promise<Launched>;
}

/** Waiting times in ms. */
export type Pace = { debounce: number; retries: readonly number[] };

const PACE: Pace = { debounce: 350, retries: [1000, 3000] };

/** One launch form: what is chosen, its plan, and what became of Run. */
export class LaunchSession {
  /** `notebook` gives the notebook as it is on the screen at that moment. */
  constructor(
    private _routes: ILaunchRoutes,
    readonly notebook: () => NotebookDocument,
    private _pace: Pace = PACE
  ) {}

  defaults: LaunchDefaults | null = null;
  form: LaunchForm | null = null;
  plan: Plan | null = null;
  /** Why there are no defaults, no newer plan, or no job. */
  problem: Problem | null = null;
  /** The plan is behind the form. */
  planning = false;
  sending = false;
  launched: Launched | null = null;
  /** A launch whose answer never came: it may have been carried out. */
  lost: string | null = null;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Read the form's defaults, and again after the notebook has changed. */
  async load(): Promise<void> {
    const turn = ++this._turn;
    this.planning = true;
    try {
      const defaults = await this._routes.launchDefaults(this.notebook());
      if (turn === this._turn) {
        this._take(defaults);
        await this._plan(turn);
      }
    } catch (error) {
      this._settle(turn, error);
    }
  }

  /** Take a field's value; the plan follows. */
  set<K extends keyof LaunchForm>(field: K, value: LaunchForm[K]): void {
    if (this.form) {
      this._touched.add(field);
      this._faults.delete(field);
      this.form = { ...this.form, [field]: value };
      this.replan();
    }
  }

  setParameter(name: string, value: unknown): void {
    if (this.form) {
      const field = `parameters.${name}`;
      this._touched.add(field);
      this._faults.delete(field);
      const parameters = { ...this.form.parameters, [name]: value };
      this.form = { ...this.form, parameters };
      this.replan();
    }
  }

  /** What was typed cannot be read: it stays on the screen, and nothing runs. */
  reject(field: string, reading: Reading & { ok: false }): void {
    this._faults.set(field, reading.error);
    this._touched.add(field);
    this._emit();
  }

  /** Plan again a moment after the last change. */
  replan(delay = this._pace.debounce): void {
    clearTimeout(this._timer);
    const turn = ++this._turn;
    this.planning = true;
    this.launched = null;
    this._unanswered = null;
    this._timer = setTimeout(() => void this._plan(turn), delay);
    this._emit();
  }

  /** Send the launch; again with the same name if no answer came. */
  async run(): Promise<Launched | null> {
    const request = this._unanswered ?? this.request();
    if (request === null || this.blocked !== null) {
      return null;
    }
    this.sending = true;
    this.problem = null;
    this._emit();
    try {
      this.launched = await this._apply(request);
      this.lost = this._unanswered = null;
    } catch (error) {
      const unanswered = error instanceof SmextApiError && error.unanswered;
      this._unanswered = unanswered ? request : null;
      this.lost = unanswered ? request.name : this.lost;
      this.problem = problemOf(error);
    }
    this.sending = false;
    this._emit();
    return this.launched;
  }

  /** What Run would send; null while there is no plan. */
  request(): LaunchRequest | null {
    return this.plan && this.form
      ? { notebook: this.notebook(), form: this.form, name: this.plan.name }
      : null;
  }

  /** Why Run is not possible now; null when it is. */
  get blocked(): Blocked | null {
    if (this.sending) {
      return 'sending';
    }
    if (this.launched) {
      return 'launched';
    }
    if (this._faults.size > 0) {
      return 'fields';
    }
    if (this._unanswered) {
      return null;
    }
    if (this.planning) {
      return 'planning';
    }
    if (!this.plan) {
      return 'no plan';
    }
    return this.plan.can_run ? null : 'checks';
  }

  /** What is wrong at a field, and how bad it is. */
  faultAt(field: string): Fault | null {
    const typed = this._faults.get(field);
    if (typed) {
      return { text: typed, level: 'bad' };
    }
    if (fieldName(this.problem?.field) === field && this.problem) {
      const { message, advice } = this.problem;
      return { text: `${message} ${advice}`.trim(), level: 'bad' };
    }
    const check = this.plan?.checks.find(
      each => fieldName(each.field) === field && each.status in LEVELS
    );
    return check
      ? {
          text: `${check.message} ${check.advice}`.trim(),
          level: LEVELS[check.status]
        }
      : null;
  }

  /** Where a field's value came from; null where the user chose it. */
  sourceOf(field: string): string | null {
    if (this._touched.has(field)) {
      return null;
    }
    const found = this.defaults?.sources.find(
      each => fieldName(each.field) === field
    );
    return found?.source ?? null;
  }

  touched(field: string): boolean {
    return this._touched.has(field);
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._turn += 1;
    Signal.clearData(this);
  }

  private _take(defaults: LaunchDefaults): void {
    const before = this.form;
    const { form } = defaults;
    const parameters = initialParameters(form, defaults.parameters);
    this.defaults = defaults;
    this.form = before ?? form;
    for (const name of Object.keys(parameters)) {
      if (before && this._touched.has(`parameters.${name}`)) {
        parameters[name] = before.parameters[name];
      }
    }
    this.form = { ...this.form, parameters };
  }

  private async _plan(turn: number): Promise<void> {
    const form = this.form;
    if (form === null) {
      return;
    }
    try {
      const request = { notebook: this.notebook(), form, name: null };
      const plan = await this._routes.launchPlan(request);
      if (turn === this._turn) {
        this.plan = plan;
        this._settle(turn);
      }
    } catch (error) {
      this._settle(turn, error);
    }
  }

  private _settle(turn: number, error?: unknown): void {
    if (turn !== this._turn) {
      return;
    }
    this.planning = false;
    this.problem = error === undefined ? null : problemOf(error);
    if (error !== undefined) {
      this.plan = null;
    }
    this._emit();
  }

  private async _apply(request: LaunchRequest): Promise<Launched> {
    for (const wait of this._pace.retries) {
      try {
        return await this._routes.launchApply(request);
      } catch (error) {
        if (!(error instanceof SmextApiError) || !error.unanswered) {
          throw error;
        }
        // The name makes a second send harmless.
        await new Promise(resolve => setTimeout(resolve, wait));
      }
    }
    return this._routes.launchApply(request);
  }

  private _emit(): void {
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _faults = new Map<string, string>();
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _touched = new Set<string>();
  private _turn = 0;
  private _unanswered: LaunchRequest | null = null;
}

export type Blocked =
  'sending' | 'launched' | 'fields' | 'planning' | 'no plan' | 'checks';

export type Fault = { text: string; level: 'bad' | 'warn' };

const LEVELS: Record<string, Fault['level']> = {
  'will fail': 'bad',
  warning: 'warn'
};

/** The server may name a field by its whole path in the request. */
function fieldName(field: string | null | undefined): string | null {
  return field ? field.replace(/^form\./, '') : null;
}
