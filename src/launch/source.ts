import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { NotebookDocument } from '../generated';
import type { NotebookContent } from './notebook';
import { editedCells, withoutOutputs } from './notebook';
import type { Choices } from './saved';
import { KEY, saved, withChoices } from './saved';

/** A notebook on the screen; its last look is kept when its tab is closed. */
export class NotebookSource {
  constructor(
    readonly panel: NotebookPanel,
    private _contents: Contents.IManager
  ) {
    this._last = this._look();
    panel.context.model.contentChanged.connect(this._onChange);
    panel.context.saveState.connect(this._onChange);
    panel.context.pathChanged.connect(this._onChange);
    panel.disposed.connect(() => {
      this.closed = true;
    });
    panel.context.disposed.connect(() => {
      this.closed = true;
    });
  }

  closed = false;

  /** It looks different, or was saved or renamed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  get path(): string {
    return this.closed ? this._last.path : this.panel.context.localPath;
  }

  /** The path by which JupyterLab opens it, with its drive. */
  get contentsPath(): string {
    return this._contentsPath;
  }

  /** The notebook as it is on the screen, without outputs. */
  document = (): NotebookDocument => {
    if (!this.closed && !this.panel.context.isDisposed) {
      this._last = this._look();
    }
    return this._last;
  };

  /** How many cells differ from the file; null where that cannot be told. */
  async unsavedCells(): Promise<number | null> {
    const shown = this.document();
    if (!shown.unsaved) {
      return 0;
    }
    try {
      const file = await this._contents.get(this.panel.context.path, {
        type: 'notebook',
        content: true
      });
      return editedCells(file.content as NotebookContent, shown.content);
    } catch (error) {
      return null;
    }
  }

  /** The choices for a launch that the notebook brings along. */
  choices(): Choices {
    const { content } = this._last as { content: NotebookContent };
    return saved(
      this.closed
        ? content.metadata?.[KEY]
        : this.panel.context.model.getMetadata(KEY)
    );
  }

  /** Let the notebook bring these choices along, or none: an edit that is not saved yet. */
  setChoices(choices: Choices | null): void {
    if (this.closed) {
      return;
    }
    const { model } = this.panel.context;
    const metadata = withChoices(model.getMetadata(KEY), choices);
    if (metadata === undefined) {
      model.deleteMetadata(KEY);
    } else {
      model.setMetadata(KEY, metadata);
    }
  }

  dispose(): void {
    const { context } = this.panel;
    context?.model?.contentChanged.disconnect(this._onChange);
    context?.saveState.disconnect(this._onChange);
    context?.pathChanged.disconnect(this._onChange);
    Signal.clearData(this);
  }

  private _look(): NotebookDocument {
    const { context } = this.panel;
    const model: INotebookModel = context.model;
    this._contentsPath = context.path;
    return {
      // As the server's contents manager knows it: without a drive's name.
      path: context.localPath,
      content: withoutOutputs(model.toJSON() as NotebookContent),
      unsaved: model.dirty
    };
  }

  private _onChange = (): void => {
    if (!this.closed) {
      this._changed.emit();
    }
  };

  private _changed = new Signal<this, void>(this);
  private _contentsPath = '';
  private _last: NotebookDocument;
}
