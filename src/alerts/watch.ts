import type { IDisposable } from '@lumino/disposable';
import { claim } from './tab-claim';
import type { CostWarning } from '../generated';
import { billingRows, rowId } from '../rows';
import type { ISmext } from '../tokens';
import type { Memory } from './snooze';

const MINUTE = 60_000;
/** ms that a hidden page leaves to one that is seen. */
const PRECEDENCE = 3000;
/** ms between two questions at least, also where what bills changes. */
const PAUSE = 2000;

/**
 * Asks now and then what deserves a word, and has said what no tab has said today.
 *
 * Asks when the account has been read, on opening and on coming back, at most
 * once in the time that is set, when what bills is something else, so that no
 * sum is older than it, and when the server says that there is something. While the page is hidden only then, and only in one tab of all.
 */
export class WarningWatch implements IDisposable {
  /** `say` is told how many were said before in the same breath. */
  constructor(
    private _smext: Pick<ISmext, 'model' | 'preferences'>,
    private _memory: Memory,
    private _say: (warning: CostWarning, before: number) => void,
    private _precedence = PRECEDENCE,
    private _pause = PAUSE
  ) {
    const { model, preferences } = _smext;
    // The model asks every half minute while the page is seen: that is clock enough.
    model.stateChanged.connect(this._look);
    model.warned.connect(this._onWarned);
    preferences.changed.connect(this._anew);
    document.addEventListener('visibilitychange', this._onVisibility);
    this._look();
  }

  isDisposed = false;

  dispose(): void {
    this.isDisposed = true;
    this._smext.model.stateChanged.disconnect(this._look);
    this._smext.model.warned.disconnect(this._onWarned);
    this._smext.preferences.changed.disconnect(this._anew);
    document.removeEventListener('visibilitychange', this._onVisibility);
  }

  private _look = (): void => {
    const { connection, context, summary } = this._smext.model.state;
    const ready = connection === 'connected' && summary?.ready;
    if (context && ready && !this._asking && this._isDue(context.target.id)) {
      void this._ask(context.target.id);
    }
  };

  private _isDue(target: string): boolean {
    const { minutes, on } = this._smext.preferences.warnings;
    if (!on || document.hidden) {
      return false;
    }
    const passed = Date.now() - this._asked;
    return (
      target !== this._target ||
      passed >= minutes * MINUTE ||
      (passed >= this._pause && this._billed() !== this._askedOf)
    );
  }

  /** What the sums that are warned of are made from. */
  private _billed(): string {
    const rows = billingRows(this._smext.model.state);
    return rows
      .map(row => `${rowId(row)} ${row.billing.usd_per_hour}`)
      .join('\n');
  }

  private async _ask(target: string): Promise<void> {
    const { model, preferences } = this._smext;
    if (target !== this._target) {
      this._back = true;
    }
    this._asking = true;
    this._asked = Date.now();
    this._askedOf = this._billed();
    this._target = target;
    const since = this._back ? this._memory.lookedAt(target) : null;
    try {
      const answer = await model.api.warnings(
        preferences.warnings,
        since,
        model.away
      );
      if (model.state.context?.target.id === target && !this.isDisposed) {
        this._back = false;
        this._memory.looked(target, Date.now());
        model.noteWarnings(answer);
        await this._tell(target, recapFirst(answer.warnings));
      }
    } catch (error) {
      // The panel says itself when the server does not answer.
      console.warn('smext: no warnings', error);
    } finally {
      this._asking = false;
    }
  }

  /** The server looked for warnings by itself, and found some. */
  private _onWarned = async (_: unknown, moment: string): Promise<void> => {
    if (document.hidden) {
      await new Promise(resolve => setTimeout(resolve, this._precedence));
    }
    const mayAsk = this._smext.preferences.warnings.on && !this.isDisposed;
    // Whoever is first asks; a page that is seen asks in any case.
    const first = mayAsk && (await claim(`warned ${moment}`));
    if (mayAsk && !document.hidden) {
      this._anew();
    } else if (first) {
      await this._peek();
    }
  };

  /** Nobody looks, so nothing is read for it. */
  private async _peek(): Promise<void> {
    const { model, preferences } = this._smext;
    const target = model.state.context?.target.id;
    if (target === undefined) {
      return;
    }
    try {
      const answer = await model.api.warnings(preferences.warnings, null, true);
      if (model.state.context?.target.id === target && !this.isDisposed) {
        await this._tell(target, answer.warnings);
      }
    } catch (error) {
      console.warn('smext: no warnings', error);
    }
  }

  private async _tell(target: string, warnings: CostWarning[]): Promise<void> {
    const today = new Date().toDateString();
    let said = 0;
    for (const warning of warnings) {
      const { id, level } = warning;
      if (
        !this._memory.isSnoozed(id, Date.now()) &&
        (await claim(`warning ${today} ${target} ${level} ${id}`))
      ) {
        this._say(warning, said);
        said += 1;
      }
    }
  }

  /** What counts as worth a word is another now. */
  private _anew = (): void => {
    this._asked = 0;
    this._look();
  };

  private _onVisibility = (): void => {
    if (!document.hidden) {
      this._back = true;
      this._look();
    } else if (this._target !== null) {
      this._memory.looked(this._target, Date.now());
    }
  };

  private _asked = 0;
  private _askedOf = '';
  private _asking = false;
  private _back = true;
  private _target: string | null = null;
}

/** What was spent while nobody looked comes first: it is news on opening alone. */
function recapFirst(warnings: readonly CostWarning[]): CostWarning[] {
  const recap = ({ id }: CostWarning) => Number(id.startsWith('since:'));
  return [...warnings].sort((a, b) => recap(b) - recap(a));
}
