import { Notification } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Debouncer } from '@lumino/polling';
import * as React from 'react';
import type { Launched } from '../generated';
import { runIcon } from '../icons';
import { SmextContext } from '../components/hooks';
import type { ISmext } from '../tokens';
import { Commands } from '../tokens';
import { insertCell } from './plan/insert-cell';
import { firstShown, jumpTo } from './form/focus';
import { LaunchSession } from './model/session';
import type { NotebookSource } from './model/source';
import { LaunchView } from './view';

/** ms of rest after which an edited notebook is planned anew. */
const REST = 1500;

/** The tab in which a notebook is launched. */
export class LaunchWidget extends ReactWidget {
  constructor(
    private _smext: ISmext,
    readonly source: NotebookSource
  ) {
    super();
    this.addClass('smext-Launch');
    this._session = new LaunchSession(
      _smext.model.api,
      source.document,
      () => _smext.preferences.launch
    );
    this._reload = new Debouncer(() => this._session.load(), REST);
    source.changed.connect(this._onChange);
    _smext.preferences.changed.connect(this._follow);
    this.title.icon = runIcon;
    this._entitle();
    void source.context.ready.then(() => {
      if (!this.isDisposed) {
        void this._session.load();
      }
    });
  }

  override dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._smext.preferences.changed.disconnect(this._follow);
    this._reload.dispose();
    this._session.dispose();
    this.source.dispose();
    super.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <SmextContext.Provider value={this._smext}>
        <LaunchView
          session={this._session}
          source={this.source}
          onRun={() => void this._run()}
          onShow={() => this._show()}
          onInsert={this.source.closed ? null : this._insert}
        />
      </SmextContext.Provider>
    );
  }

  private async _run(): Promise<void> {
    const launched = await this._session.run();
    if (!launched) {
      this._showFault();
      return;
    }
    const { model, trans } = this._smext;
    const text = launched.existed
      ? trans.__('%1 was launched before: here it is.', launched.name)
      : trans.__('%1 is launched.', launched.name);
    Notification.success(text, { autoClose: 5000 });
    model.noteLaunch(launched);
    this._show();
  }

  /** Where Run was refused for what a field says. */
  private _showFault(): void {
    const { problem } = this._session;
    const faults = [...this._session.faults].filter(
      ([, fault]) => fault.level === 'bad'
    );
    const field = firstShown(this.node, new Set(faults.map(([path]) => path)));
    const page = this.node.querySelector('.smext-Page');
    if (problem?.field && field && page) {
      jumpTo(page, field);
    }
  }

  private _show(): void {
    const launched: Launched | null = this._session.launched;
    if (launched) {
      const { key, kind, name } = launched;
      const args = { kind, key, name };
      void this._smext.commands.execute(Commands.showItem, args);
    }
  }

  private _insert = (code: string): void => {
    const view = this.source.view();
    if (view) {
      insertCell(view, code);
      const args = { path: view.context.path, factory: 'Notebook' };
      void this._smext.commands.execute('docmanager:open', args);
    }
  };

  /** The form outlives its notebook, unless that could not be read at all. */
  private _onChange = (): void => {
    if (this.source.closed && this._session.form === null) {
      this.parent?.dispose();
      return;
    }
    this._entitle();
    this._follow();
    this.update();
  };

  /** Read the defaults anew, when all has come to rest. */
  private _follow = (): void => {
    void this._reload.invoke().catch(() => undefined);
  };

  private _entitle(): void {
    const { path } = this.source;
    const name = path.split('/').pop() ?? path;
    this.title.label = this._smext.trans.__('Run %1', name);
    this.title.caption = path;
  }

  private _reload: Debouncer<void>;
  private _session: LaunchSession;
}
