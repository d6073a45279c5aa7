import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { StatusItem } from '../status';
import { ISmext } from '../tokens';

/** What bills now, in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:status',
  description: 'What bills on SageMaker now, in the status bar.',
  autoStart: true,
  requires: [ISmext],
  optional: [IStatusBar],
  activate: (
    _app: JupyterFrontEnd,
    smext: ISmext,
    statusBar: IStatusBar | null
  ): void => {
    statusBar?.registerStatusItem('smext:status', {
      item: new StatusItem(smext),
      align: 'right',
      rank: 100
    });
  }
};
