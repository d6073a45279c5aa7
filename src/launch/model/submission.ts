import { SmextApiError } from '../../errors';
import type { Launched, LaunchProgress, LaunchRequest } from '../../generated';

/** The routes by which a launch is sent. */
export interface ISendRoutes {
  launchApply(request: LaunchRequest): Promise<Launched>;
  launchProgress(name: string): Promise<LaunchProgress>;
  launchCancel(name: string): Promise<LaunchProgress>;
}

/** Waiting times in ms. */
export type SendPace = {
  /** Between two questions how far it is. */
  progress: number;
  /** Before a launch is sent again that was not answered. */
  retries: readonly number[];
};

/** A launch on its way: how far it is, whether it can be called back, what became of it. */
export class Sending {
  constructor(
    private _routes: ISendRoutes,
    private _pace: SendPace,
    private _changed: () => void
  ) {}

  active = false;
  progress: LaunchProgress | null = null;
  /** Somebody has asked to cancel; the answer is not there yet. */
  cancelling = false;
  /** The launch that was cancelled last: nothing was created. */
  cancelled: string | null = null;
  /** A launch whose answer never came: it may have been carried out. */
  lost: string | null = null;

  /** What to send again as it was, for nothing was changed since its answer was lost. */
  get unanswered(): LaunchRequest | null {
    return this._unanswered;
  }

  /** What is sent next is another launch. */
  renew(): void {
    this._unanswered = null;
    this.cancelled = null;
  }

  /**
   * Send a launch, again with the same name if no answer came. Null where it
   * was cancelled; raises what kept it from being launched.
   */
  async send(request: LaunchRequest): Promise<Launched | null> {
    this.active = true;
    this.cancelling = false;
    this.cancelled = this.progress = null;
    this._changed();
    const watch = this._watch(request.name ?? '');
    try {
      const launched = await this._apply(request);
      this.lost = this._unanswered = null;
      return launched;
    } catch (error) {
      if (isCancelled(error)) {
        this.cancelled = request.name;
        this.lost = this._unanswered = null;
        return null;
      }
      const unanswered = error instanceof SmextApiError && error.unanswered;
      this._unanswered = unanswered ? request : null;
      this.lost = unanswered ? request.name : this.lost;
      throw error;
    } finally {
      watch.over = true;
      this.active = this.cancelling = false;
      this.progress = null;
      this._changed();
    }
  }

  /** Call back what is being sent; how that went, the answer to `send` tells. */
  async cancel(): Promise<void> {
    const { progress } = this;
    if (!progress?.can_cancel || this.cancelling) {
      return;
    }
    this.cancelling = true;
    this._changed();
    await this._callBack(progress.name);
  }

  private async _callBack(name: string): Promise<void> {
    try {
      this.progress = await this._routes.launchCancel(name);
    } catch (error) {
      this.cancelling = false;
    }
    this._changed();
  }

  /** Ask how far it is until `over` is set; what is not answered is asked again. */
  private _watch(name: string): { over: boolean } {
    const watch = { over: false };
    const look = async () => {
      if (!document.hidden) {
        const progress = await this._routes
          .launchProgress(name)
          .catch(() => null);
        if (!watch.over && progress) {
          this.progress = progress;
          this._changed();
          if (this.cancelling && progress.can_cancel) {
            // It was sent anew since it was called back.
            await this._callBack(name);
          }
        }
      }
      if (!watch.over) {
        setTimeout(() => void look(), this._pace.progress);
      }
    };
    setTimeout(() => watch.over || void look(), this._pace.progress);
    return watch;
  }

  private async _apply(request: LaunchRequest): Promise<Launched> {
    let tries = 0;
    for (;;) {
      try {
        return await this._routes.launchApply(request);
      } catch (error) {
        if (!(error instanceof SmextApiError) || !error.unanswered) {
          throw error;
        }
        // A proxy may be less patient than a long upload.
        tries = (await this._goesOn(request.name)) ? 0 : tries + 1;
        if (tries > this._pace.retries.length) {
          throw error;
        }
        // The name makes a second send harmless: it waits for the first one's end.
        const wait = this._pace.retries[Math.max(0, tries - 1)] ?? 0;
        await new Promise(resolve => setTimeout(resolve, wait));
      }
    }
  }

  private async _goesOn(name: string | null): Promise<boolean> {
    const seen = await this._routes
      .launchProgress(name ?? '')
      .catch(() => null);
    return seen !== null && seen.phase !== 'waiting' && seen.phase !== 'over';
  }

  private _unanswered: LaunchRequest | null = null;
}

function isCancelled(error: unknown): boolean {
  return error instanceof SmextApiError && error.problem.code === 'cancelled';
}
