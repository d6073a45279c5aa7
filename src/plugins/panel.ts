import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { refreshIcon } from '@jupyterlab/ui-components';
import { smextIcon } from '../icons';
import { CurrentNotebook } from '../panel/current';
import { SmextPanel } from '../panel/widget';
import { Commands, ISmext } from '../tokens';

/** The side panel and its two commands. */
export const panelPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:panel',
  description: 'The SageMaker side panel.',
  autoStart: true,
  requires: [ISmext],
  optional: [INotebookTracker, ILayoutRestorer, ICommandPalette, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    smext: ISmext,
    tracker: INotebookTracker | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    states: IStateDB | null
  ): void => {
    const { model, trans } = smext;
    const { contents } = app.serviceManager;
    const current = new CurrentNotebook(tracker, contents);
    const panel = new SmextPanel(smext, current, states);
    app.shell.add(panel, 'left', { rank: 450 });
    restorer?.add(panel, panel.id);
    app.commands.addCommand(Commands.open, {
      label: trans.__('Show what runs and bills on SageMaker'),
      icon: smextIcon,
      describedBy: { args: NO_ARGS },
      execute: () => app.shell.activateById(panel.id)
    });
    app.commands.addCommand(Commands.refresh, {
      label: trans.__('Read the SageMaker account anew'),
      icon: refreshIcon,
      describedBy: { args: NO_ARGS },
      execute: () => model.refresh()
    });
    for (const command of [Commands.open, Commands.refresh]) {
      palette?.addItem({ command, category: trans.__('SageMaker') });
    }
  }
};

const NO_ARGS = { type: 'object', properties: {} } as const;
