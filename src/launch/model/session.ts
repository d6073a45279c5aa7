import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { problemOf } from '../../errors';
import type {
  DefaultsRequest,
  Launched,
  LaunchDefaults,
  LaunchForm,
  LaunchOption,
  LaunchRequest,
  NotebookDocument,
  Plan,
  Problem
} from '../../generated';
import type { Fault } from './faults';
import { placed, said } from './faults';
import type { Reading } from './text-values';
import { counts, fitted, isAddressed } from './job-kind';
import type { ISendRoutes, SendPace } from './submission';
import { Sending } from './submission';

/** The routes that a launch needs. */
export interface ILaunchRoutes extends ISendRoutes {
  launchDefaults(request: DefaultsRequest): Promise<LaunchDefaults>;
  launchPlan(request: LaunchRequest): Promise<Plan>;
}

/** Waiting times in ms. */
export type Pace = SendPace & { debounce: number };

const PACE: Pace = { debounce: 350, progress: 330, retries: [1000, 3000] };

/** Members that are looked for anew each time. */
const FOUND: readonly (keyof LaunchForm)[] = ['image', 'role'];

/** One launch form: what is chosen, its plan, and what became of Run. */
export class LaunchSession {
  /**
   * `notebook` gives the notebook as it is on the screen at that moment,
   * `preferred` the members of the form that the user has set for all notebooks.
   */
  constructor(
    private _routes: ILaunchRoutes,
    readonly notebook: () => NotebookDocument,
    private _preferred: () => Record<string, unknown> = () => ({}),
    private _pace: Pace = PACE
  ) {
    this.sending = new Sending(_routes, _pace, () => this._emit());
  }

  defaults: LaunchDefaults | null = null;
  form: LaunchForm | null = null;
  plan: Plan | null = null;
  /** Why there are no defaults, no newer plan, or no job. */
  problem: Problem | null = null;
  /** The plan is behind the form. */
  planning = false;
  launched: Launched | null = null;
  readonly sending: Sending;
  /** What controls show that is not a value, or not yet, by the control. */
  readonly drafts = new Map<string, unknown>();

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Read the form's defaults, and again after the notebook has changed. */
  async load(): Promise<void> {
    const loading = ++this._loading;
    let turn = this._begin();
    try {
      const chosen = this._touched.has('job_kind') ? this.form?.job_kind : null;
      const defaults = await this._routes.launchDefaults({
        notebook: this.notebook(),
        preferred: this._preferred(),
        job_kind: chosen ?? null
      });
      const latest = loading === this._loading;
      // The first answer is better than none, though the notebook has changed since.
      if (latest || this.form === null) {
        this._take(defaults);
        this._emit();
      }
      if (latest) {
        // What was changed meanwhile is planned with it.
        turn = this._begin();
        await this._plan(turn);
      }
    } catch (error) {
      this._settle(turn, error);
    }
  }

  /** Take a field's value; the plan follows, and for another kind of job its defaults. */
  set<K extends keyof LaunchForm>(field: K, value: LaunchForm[K]): void {
    if (this.form) {
      this._touched.add(field);
      this._readable(field);
      this.form = { ...this.form, [field]: value };
      this.replan();
      if (field === 'job_kind') {
        void this.load();
      }
    }
  }

  /** Take what was typed for a parameter; null: it stays as the notebook has it. */
  setParameter(name: string, text: string | null): void {
    if (this.form) {
      const field = `parameters.${name}`;
      this._touched.add(field);
      this._readable(field);
      const parameters = { ...this.form.parameters };
      if (text === null) {
        delete parameters[name];
      } else {
        parameters[name] = text;
      }
      this.form = { ...this.form, parameters };
      this.replan();
    }
  }

  /** Leave a parameter as the notebook has it, whatever was typed. */
  resetParameter(name: string): void {
    this.drafts.delete(`parameters.${name}`);
    this._resets.set(name, this.resets(name) + 1);
    this.setParameter(name, null);
  }

  /** How often a parameter was reset: its control begins anew each time. */
  resets(name: string): number {
    return this._resets.get(name) ?? 0;
  }

  /** What was typed cannot be read: it stays on the screen, and nothing runs. */
  reject(field: string, reading: Reading & { ok: false }): void {
    this._typed.set(field, reading.error);
    this._touched.add(field);
    this._emit();
  }

  /** Plan again a moment after the last change. */
  replan(delay = this._pace.debounce): void {
    const turn = this._begin();
    this.launched = null;
    this.sending.renew();
    this._timer = setTimeout(() => void this._plan(turn), delay);
    this._emit();
  }

  /** Send the launch; again with the same name if no answer came. */
  async run(): Promise<Launched | null> {
    const request = this.sending.unanswered ?? this.request();
    if (request === null || this.blocked !== null) {
      return null;
    }
    this.problem = null;
    try {
      this.launched = await this.sending.send(request);
    } catch (error) {
      this.problem = problemOf(error);
    }
    this._emit();
    return this.launched;
  }

  /** What Run would send; null while there is no plan. */
  request(): LaunchRequest | null {
    return this.plan && this.form ? this._request(this.plan.name) : null;
  }

  /** Why Run is not possible now; null when it is. */
  get blocked(): Blocked | null {
    if (this.sending.active) {
      return 'sending';
    }
    if (this.launched) {
      return 'launched';
    }
    if (this._unreadable.size > 0) {
      return 'fields';
    }
    if (this.sending.unanswered) {
      return null;
    }
    if (!(this.form?.inputs ?? []).every(isAddressed)) {
      return 'no address';
    }
    if (this.planning) {
      return 'planning';
    }
    if (!this.plan) {
      return 'no plan';
    }
    return this.plan.can_run ? null : 'checks';
  }

  /** What is wrong, by the control that it is shown at. */
  get faults(): ReadonlyMap<string, Fault> {
    if (this._faults === null && this.form) {
      const all = said(this._unreadable, this.problem, this.plan);
      this._faults = placed(all, this.form, this.defaults);
    }
    return this._faults ?? new Map();
  }

  faultAt(field: string): Fault | null {
    return this.faults.get(field) ?? null;
  }

  /** What the form has to choose, in its order. */
  get options(): readonly LaunchOption[] {
    return this.defaults?.options ?? [];
  }

  /** The option that a field is; null of a part of one. */
  option(field: string): LaunchOption | null {
    return this.options.find(each => each.member === field) ?? null;
  }

  /** Where a field's value came from; null where the user chose it. */
  sourceOf(field: string): string | null {
    if (this._touched.has(field)) {
      return null;
    }
    const found = this.defaults?.sources.find(each => each.field === field);
    return found?.source ?? null;
  }

  /** Whether the administrator has set a field, or all of what it is a part of. */
  fixed(field: string): boolean {
    return (this.defaults?.sources ?? []).some(
      each =>
        each.fixed &&
        (field === each.field || field.startsWith(`${each.field}.`))
    );
  }

  /** Whether it was chosen here; a parameter that was reset is the notebook's again. */
  touched(field: string): boolean {
    const [member, ...rest] = field.split('.');
    const reset =
      member === 'parameters' &&
      rest.length > 0 &&
      !(rest.join('.') in (this.form?.parameters ?? {}));
    return this._touched.has(field) && !reset;
  }

  dispose(): void {
    clearTimeout(this._timer);
    this._loading += 1;
    this._turn += 1;
    Signal.clearData(this);
  }

  /** The plan is behind the form from now on; the turn of the one that will not be. */
  private _begin(): number {
    clearTimeout(this._timer);
    this.planning = true;
    return ++this._turn;
  }

  /** What was chosen here stays; all else follows the defaults. */
  private _take(defaults: LaunchDefaults): void {
    const before = this.form;
    const form: LaunchForm = { ...defaults.form };
    if (before) {
      const members = Object.keys(form) as (keyof LaunchForm)[];
      members
        // What could not be found this time was found before.
        .filter(
          member =>
            this._touched.has(member) ||
            (FOUND.includes(member) && form[member] === '')
        )
        .forEach(member => copy(member, before, form));
    }
    form.parameters = { ...form.parameters };
    for (const { name, text } of defaults.parameters) {
      if (before && this._touched.has(`parameters.${name}`)) {
        const typed = before.parameters[name];
        delete form.parameters[name];
        // What is now the notebook's own is no change.
        if (name in before.parameters && typed !== text) {
          form.parameters[name] = typed;
        }
      }
    }
    this.defaults = defaults;
    this.form = form;
  }

  private _request(name: string | null): LaunchRequest {
    const form = fitted(this.form as LaunchForm, this.options);
    return { notebook: this.notebook(), form, name };
  }

  private async _plan(turn: number): Promise<void> {
    if (this.form === null) {
      return;
    }
    try {
      const plan = await this._routes.launchPlan(this._request(null));
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

  /** What is wrong with what was typed for a field, or for a part of it, is over. */
  private _readable(field: string): void {
    for (const path of [...this._typed.keys()]) {
      if (path === field || path.startsWith(`${field}.`)) {
        this._typed.delete(path);
      }
    }
  }

  /** What cannot be read of what counts: the rest may be as it was left. */
  private get _unreadable(): ReadonlyMap<string, string> {
    const { form } = this;
    const typed = [...this._typed];
    const counting = form
      ? typed.filter(([path]) => counts(form, path, this.options))
      : [];
    return new Map(counting);
  }

  private _emit(): void {
    this._faults = null;
    this._changed.emit();
  }

  private _changed = new Signal<this, void>(this);
  private _faults: Map<string, Fault> | null = null;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _loading = 0;
  private _resets = new Map<string, number>();
  private _touched = new Set<string>();
  private _turn = 0;
  /** What cannot be read of what was typed, by the field. */
  private _typed = new Map<string, string>();
}

export type Blocked =
  | 'sending'
  | 'launched'
  | 'fields'
  | 'no address'
  | 'planning'
  | 'no plan'
  | 'checks';

function copy<K extends keyof LaunchForm>(
  member: K,
  from: LaunchForm,
  to: LaunchForm
): void {
  to[member] = from[member];
}
