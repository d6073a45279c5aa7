import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IRunningSessionManagers } from '@jupyterlab/running';
import { ISmext } from '../tokens';
import { BillingSessions } from '../running';

/** What bills, where JupyterLab lists what runs. */
export const runningPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:running',
  description: 'Lists what bills on SageMaker among what runs.',
  autoStart: true,
  requires: [ISmext],
  optional: [IRunningSessionManagers],
  activate: (
    _app: JupyterFrontEnd,
    smext: ISmext,
    managers: IRunningSessionManagers | null
  ): void => {
    managers?.add(new BillingSessions(smext));
  }
};
