import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { serverPath } from '../launch/model/notebook';

/** The notebook that is in front, by its path as the server knows it. */
export class CurrentNotebook {
  constructor(
    private _tracker: INotebookTracker | null,
    private _contents: Contents.IManager
  ) {
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
    const { path } = this._panel?.context ?? {};
    return path === undefined ? null : serverPath(this._contents, path);
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
