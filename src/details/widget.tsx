import { ReactWidget } from '@jupyterlab/ui-components';
import { DisposableDelegate } from '@lumino/disposable';
import * as React from 'react';
import { smextIcon } from '../icons';
import { SmextContext } from '../components/hooks';
import type { Place } from '../rows';
import { findRow } from '../state';
import type { ISmext } from '../tokens';
import { whileVisible } from '../visibility';
import { ItemSession } from './session';
import { ItemView } from './view';

/** The tab of one item. */
export class ItemWidget extends ReactWidget {
  constructor(
    private _smext: ISmext,
    readonly place: Place,
    readonly name: string
  ) {
    super();
    const { model } = _smext;
    this.addClass('smext-Item');
    this.title.label = name;
    this.title.icon = smextIcon;
    this.title.caption = name;
    this._session = new ItemSession(model.api, place);
    model.stateChanged.connect(this._follow);
    whileVisible(this, () => {
      const watch = model.watch();
      this._session.visible = true;
      return new DisposableDelegate(() => {
        this._session.visible = false;
        watch.dispose();
      });
    });
  }

  override dispose(): void {
    if (!this.isDisposed) {
      this._smext.model.stateChanged.disconnect(this._follow);
      this._session.dispose();
      super.dispose();
    }
  }

  protected override render(): JSX.Element {
    return (
      <SmextContext.Provider value={this._smext}>
        <ItemView session={this._session} name={this.name} />
      </SmextContext.Provider>
    );
  }

  private _follow = (): void => {
    const { key, kind } = this.place;
    this._session.follow(findRow(this._smext.model.state, kind, key));
  };

  private _session: ItemSession;
}
