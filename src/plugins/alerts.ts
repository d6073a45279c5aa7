import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStateDB } from '@jupyterlab/statedb';
import type { IDisposable } from '@lumino/disposable';
import { ISmext } from '../tokens';

/** Warns of what bills, in time and once. */
export const guardPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:guard',
  description: 'Warns of what bills on SageMaker.',
  autoStart: true,
  requires: [ISmext],
  optional: [IStateDB],
  activate: (
    _app: JupyterFrontEnd,
    smext: ISmext,
    states: IStateDB | null
  ): void => {
    const { model } = smext;
    // Nothing can be said before the account is read, so nothing is loaded.
    const onState = () => {
      if (model.state.summary?.ready) {
        model.stateChanged.disconnect(onState);
        void start(smext, states);
      }
    };
    model.stateChanged.connect(onState);
  }
};

async function start(
  smext: ISmext,
  states: IStateDB | null
): Promise<IDisposable> {
  const [{ Desktop }, { Memory }, { sayWarning }, { WarningWatch }] =
    await Promise.all([
      import('../alerts/desktop'),
      import('../alerts/snooze'),
      import('../alerts/notify'),
      import('../alerts/watch')
    ]);
  const memory = await Memory.read(states);
  const desktop = new Desktop(smext);
  return new WarningWatch(smext, memory, (warning, before) =>
    sayWarning(smext, memory, desktop, warning, before)
  );
}
