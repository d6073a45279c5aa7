import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { problemOf } from './errors';
import type { LogLine, LogPage, Problem } from './generated';

/** Lines kept; older ones are dropped first. */
export const KEPT = 100_000;

const RETRY_SECONDS = [2, 5, 10, 30];

/** Follows a log page by page until it ends or nobody looks. One request at a time. */
export class LogFollower {
  constructor(private _page: (cursor: string) => Promise<LogPage>) {}

  readonly kept = KEPT;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get lines(): readonly LogLine[] {
    return this._lines;
  }

  /** How many old lines were let go. */
  get dropped(): number {
    return this._dropped;
  }

  get problem(): Problem | null {
    return this._problem;
  }

  /** Nothing more will come. */
  get ended(): boolean {
    return this._ended;
  }

  /** A first answer has come. */
  get ready(): boolean {
    return this._ready;
  }

  start(): void {
    if (!this._running && !this._ended) {
      this._running = true;
      void this._next();
    }
  }

  /** Stop asking; `start` goes on where this left off. */
  stop(): void {
    this._running = false;
    clearTimeout(this._timer);
  }

  /** Ask at once, also when the log had ended. */
  restart(): void {
    this.stop();
    this._ended = false;
    this.start();
  }

  private async _next(): Promise<void> {
    const flight = ++this._flight;
    let wait: number;
    try {
      wait = this._take(await this._page(this._cursor), flight);
    } catch (error) {
      wait = this._fail(error, flight);
    }
    if (!this._running || flight !== this._flight) {
      return;
    }
    if (this._ended) {
      this._running = false;
      return;
    }
    this._timer = setTimeout(() => void this._next(), wait * 1000);
  }

  private _take(page: LogPage, flight: number): number {
    if (flight !== this._flight) {
      return 0;
    }
    this._cursor = page.cursor;
    this._ended = page.ended;
    this._problem = page.problem;
    this._ready = true;
    this._failures = 0;
    this._append(page.lines);
    this._changed.emit();
    return page.wait_seconds;
  }

  private _fail(error: unknown, flight: number): number {
    const wait =
      RETRY_SECONDS[Math.min(this._failures, RETRY_SECONDS.length - 1)];
    if (flight === this._flight) {
      this._failures += 1;
      this._problem = problemOf(error);
      this._changed.emit();
    }
    return wait;
  }

  private _append(lines: readonly LogLine[]): void {
    if (lines.length === 0) {
      return;
    }
    const all = this._lines.concat(lines.map(shown));
    const surplus = Math.max(0, all.length - this.kept);
    this._dropped += surplus;
    this._lines = surplus > 0 ? all.slice(surplus) : all;
  }

  private _changed = new Signal<this, void>(this);
  private _cursor = '';
  private _dropped = 0;
  private _ended = false;
  private _failures = 0;
  private _flight = 0;
  private _lines: LogLine[] = [];
  private _problem: Problem | null = null;
  private _ready = false;
  private _running = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

// Colours, and what a progress bar overwrote, are for terminals.
// eslint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;

function shown(line: LogLine): LogLine {
  const text = line.text.replace(ESCAPES, '').replace(/\r+$/, '');
  return { ...line, text: text.slice(text.lastIndexOf('\r') + 1) };
}
