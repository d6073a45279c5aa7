import type { IStateDB } from '@jupyterlab/statedb';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';
import { smextIcon } from '../icons';
import { SmextContext } from '../components/hooks';
import type { ISmext } from '../tokens';
import { whileVisible } from '../visibility';
import type { CurrentNotebook } from './current';
import { SectionsContext } from './section';
import { Sections } from './sections';
import { PanelView } from './view';

/** The left side panel. */
export class SmextPanel extends ReactWidget {
  constructor(
    private _smext: ISmext,
    private _current: CurrentNotebook,
    states: IStateDB | null
  ) {
    super();
    const { model, trans } = _smext;
    this.id = 'smext-panel';
    this.title.icon = smextIcon;
    this.title.caption = trans.__('SageMaker');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('SageMaker'));
    this.node.tabIndex = -1;
    this.addClass('smext-Panel');
    this._sections = new Sections(states);
    whileVisible(this, () => model.watch());
  }

  /** Whoever opens the panel by the keyboard goes on in it. */
  protected override onActivateRequest(): void {
    this.node.focus();
  }

  protected override render(): JSX.Element {
    return (
      <SmextContext.Provider value={this._smext}>
        <SectionsContext.Provider value={this._sections}>
          <PanelView current={this._current} />
        </SectionsContext.Provider>
      </SmextContext.Provider>
    );
  }

  private _sections: Sections;
}
