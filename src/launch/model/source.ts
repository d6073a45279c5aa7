import type { INotebookModel, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import type { NotebookDocument } from '../../generated';
import type { NotebookContent } from './notebook';
import { editedCells, serverPath, withoutOutputs } from './notebook';
import type { Choices } from './saved';
import { KEY, saved, withChoices } from './saved';

type Context = NotebookPanel['context'];

/**
 * A notebook on the screen, in however many views; its last look is kept when
 * the last of them is closed.
 */
export class NotebookSource {
  /** `view` finds a view of it that is open. */
  constructor(
    readonly context: Context,
    private _contents: Contents.IManager,
    readonly view: () => NotebookPanel | null
  ) {
    this._last = this._look();
    context.model.contentChanged.connect(this._onChange);
    context.saveState.connect(this._onChange);
    context.pathChanged.connect(this._onChange);
    // It ends just before the model does.
    context.sessionContext.disposed.connect(this._onClose);
  }

  closed = false;

  /** It looks different, was saved or renamed, or its last view was closed. */
  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** As the server is told; see `serverPath`. */
  get path(): string {
    return this.closed
      ? this._last.path
      : serverPath(this._contents, this.context.path);
  }

  /** The path by which JupyterLab opens it, with its drive. */
  get contentsPath(): string {
    return this._contentsPath;
  }

  /** The notebook as it is on the screen, without outputs. */
  document = (): NotebookDocument => {
    if (!this.closed) {
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
      const file = await this._contents.get(this._contentsPath, {
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
        : this.context.model.getMetadata(KEY)
    );
  }

  /** Let the notebook bring these choices along, or none: an edit that is not saved yet. */
  setChoices(choices: Choices | null): void {
    if (this.closed) {
      return;
    }
    const { model } = this.context;
    const metadata = withChoices(model.getMetadata(KEY), choices);
    if (metadata === undefined) {
      model.deleteMetadata(KEY);
    } else {
      model.setMetadata(KEY, metadata);
    }
  }

  dispose(): void {
    const { context } = this;
    context.model?.contentChanged.disconnect(this._onChange);
    context.saveState.disconnect(this._onChange);
    context.pathChanged.disconnect(this._onChange);
    context.sessionContext.disposed.disconnect(this._onClose);
    Signal.clearData(this);
  }

  private _look(): NotebookDocument {
    const { context } = this;
    const model: INotebookModel = context.model;
    this._contentsPath = context.path;
    return {
      path: serverPath(this._contents, context.path),
      content: withoutOutputs(model.toJSON() as NotebookContent),
      unsaved: model.dirty
    };
  }

  private _onClose = (): void => {
    if (!this.closed) {
      this._last = this._look();
      this.closed = true;
      this._changed.emit();
    }
  };

  private _onChange = (): void => {
    if (!this.closed) {
      this._changed.emit();
    }
  };

  private _changed = new Signal<this, void>(this);
  private _contentsPath = '';
  private _last: NotebookDocument;
}
