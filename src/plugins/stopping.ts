import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { askBefore } from '../stopping/command-guard';
import { ISmext } from '../tokens';

/** JupyterLab's own ways to leave the server; absent ones do no harm. */
const LEAVING = new Set(['filemenu:shutdown', 'filemenu:logout', 'hub:logout']);

/** Says what goes on billing before the server is shut down. */
export const leavingPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:leaving',
  description: 'Says what goes on billing before the server is shut down.',
  autoStart: true,
  requires: [ISmext],
  activate: (app: JupyterFrontEnd, smext: ISmext): void => {
    const { commands } = app;
    askBefore(commands, LEAVING, async id => {
      const { mayLeave } = await import('../stopping/before-leave');
      return mayLeave(smext, commands.label(id));
    });
  }
};
