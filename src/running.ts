import type { IRunningSessions } from '@jupyterlab/running';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { act } from './stopping/action';
import { rate } from './format';
import type { Row } from './generated';
import { smextIcon } from './icons';
import { billingRows, ending } from './rows';
import type { State } from './state';
import type { ISmext } from './tokens';
import { Commands } from './tokens';

/** What bills now, of any kind, as JupyterLab's list of what runs wants it. */
export class BillingSessions implements IRunningSessions.IManager {
  constructor(private _smext: ISmext) {
    const { model, trans } = _smext;
    this.name = trans.__('SageMaker');
    this.shutdownLabel = trans.__('Stop…');
    this.shutdownAllLabel = trans.__('Stop Several…');
    this.shutdownAllConfirmationText = trans.__(
      'A list follows of what would be stopped and what is lost with it. Nothing is stopped before you have seen it.'
    );
    model.stateChanged.connect(this._onState);
  }

  readonly name: string;
  readonly shutdownLabel: string;
  readonly shutdownAllLabel: string;
  readonly shutdownAllConfirmationText: string;

  get runningChanged(): ISignal<this, void> {
    return this._changed;
  }

  running(): IRunningSessions.IRunningItem[] {
    return billingRows(this._smext.model.state).map(row => this._item(row));
  }

  refreshRunning(): void {
    this._smext.model.update();
  }

  shutdownAll(): void {
    const rows = billingRows(this._smext.model.state);
    void import('./stopping/bulk-stop').then(({ stopSeveral }) =>
      stopSeveral(this._smext, rows, row => row.mine === true)
    );
  }

  private _item(row: Row): IRunningSessions.IRunningItem {
    const { commands, trans } = this._smext;
    const { key, kind, name, status, subtitle } = row;
    const action = ending(row);
    const usd = row.billing.usd_per_hour;
    const price = usd === null ? trans.__('no price') : rate(usd);
    return {
      icon: () => smextIcon,
      // The price first: a long name is cut.
      label: () => `${price} · ${name}`,
      labelTitle: () => [name, subtitle, status].filter(Boolean).join('\n'),
      open: () => void commands.execute(Commands.showItem, { kind, key, name }),
      ...(action && { shutdown: () => void act(this._smext, row, action) })
    };
  }

  /** The list is drawn whole every time, so only when the account was read. */
  private _onState = ({ state }: { state: State }): void => {
    if (state.tables !== this._tables) {
      this._tables = state.tables;
      this._changed.emit();
    }
  };

  private _changed = new Signal<this, void>(this);
  private _tables: State['tables'] | null = null;
}
