import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { claim } from '../alerts/tab-claim';
import { EndWatch } from '../ended-runs';
import { duration } from '../format';
import type { Row } from '../generated';
import { elapsed, firstLine, rowId } from '../rows';
import { Commands, ISmext } from '../tokens';

const LAUNCHED = 'smext:launched';

/** Says once that a job which was launched from here has ended. */
export const endsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:ends',
  description: 'Says that a job has ended.',
  autoStart: true,
  requires: [ISmext],
  optional: [IStateDB],
  activate: (
    _app: JupyterFrontEnd,
    smext: ISmext,
    states: IStateDB | null
  ): void => void follow(smext, states)
};

async function follow(smext: ISmext, states: IStateDB | null): Promise<void> {
  const { model, preferences } = smext;
  const saved = await states?.fetch(LAUNCHED).catch(() => undefined);
  const watch = new EndWatch(Array.isArray(saved) ? saved.map(String) : []);
  const remember = () => states?.save(LAUNCHED, watch.awaited);
  model.launched.connect((_, place) => {
    watch.launched(rowId(place));
    void remember();
  });
  const look = async () => {
    const ended = watch.next(model.state);
    if (ended.length > 0) {
      void remember();
    }
    for (const row of ended) {
      if (preferences.notifyEnds && (await claim(`ended ${rowId(row)}`))) {
        say(smext, row);
      }
    }
  };
  model.stateChanged.connect(() => void look());
}

function say(smext: ISmext, row: Row): void {
  const { commands, trans } = smext;
  const { key, kind, name } = row;
  const seconds = elapsed(row, smext.model.now());
  const time = seconds === null ? '' : ` (${duration(Math.floor(seconds))})`;
  const reason = row.reason ? `: ${firstLine(row.reason)}` : '';
  const message = `${name}: ${row.status}${time}${reason}`;
  const show = {
    label: trans.__('Show'),
    callback: () =>
      void commands.execute(Commands.showItem, { kind, key, name })
  };
  const open = {
    label: trans.__('Open notebook'),
    callback: () => void commands.execute(Commands.openNotebook, { kind, key })
  };
  const actions = row.notebook === null ? [show] : [show, open];
  if (row.tone === 'bad') {
    Notification.error(message, { autoClose: false, actions });
  } else if (row.tone === 'ok') {
    Notification.success(message, { autoClose: 10_000, actions });
  } else {
    Notification.info(message, { autoClose: 10_000, actions });
  }
}
