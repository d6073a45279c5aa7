import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

/** The notebook that is in front, by its contents path. */
export class CurrentNotebook {
  constructor(private _tracker: INotebookTracker | null) {
    _tracker?.currentChanged.connect(this._follow);
    this._follow();
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The job that wrote this notebook, if one did. */
  get job(): string | null {
    const said = this._panel?.context.model?.getMetadata('smext') as unknown;
    const job = (said as { job?: unknown } | undefined)?.job;
    return typeof job === 'string' ? job : null;
  }

  get path(): string | null {
    return this._panel?.context.localPath ?? null;
  }

  private _follow = (): void => {
    this._panel?.context.pathChanged.disconnect(this._emit);
    this._panel = this._tracker?.currentWidget ?? null;
    this._panel?.context.pathChanged.connect(this._emit);
    void this._panel?.context.ready.then(this._emit);
    this._emit();
  };

  private _emit = (): void => {
    this._changed.emit();
  };

  private _changed = new Signal<this, void>(this);
  private _panel: NotebookPanel | null = null;
}
