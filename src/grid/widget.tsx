import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { smextIcon } from '../icons';
import { SmextContext } from '../components/hooks';
import { findKind } from '../state';
import type { ISmext } from '../tokens';
import { whileVisible } from '../visibility';
import { GridView } from './view';

/** The tab in which everything of one kind stands with all its columns. */
export class GridWidget extends ReactWidget {
  constructor(
    private _smext: ISmext,
    readonly kind: string
  ) {
    super();
    const { model } = _smext;
    this.addClass('smext-GridTab');
    this.title.icon = smextIcon;
    model.stateChanged.connect(this._entitle);
    this._entitle();
    whileVisible(this, () => model.watch());
  }

  override dispose(): void {
    this._smext.model.stateChanged.disconnect(this._entitle);
    super.dispose();
  }

  protected override render(): JSX.Element {
    return (
      <SmextContext.Provider value={this._smext}>
        <GridView kind={this.kind} />
      </SmextContext.Provider>
    );
  }

  private _entitle = (): void => {
    const info = findKind(this._smext.model.state, this.kind);
    this.title.label = info?.label ?? this.kind;
  };
}
