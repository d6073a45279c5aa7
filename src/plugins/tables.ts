import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { GridWidget } from '../grid/widget';
import { Commands, ISmext } from '../tokens';

type GridTab = MainAreaWidget<GridWidget>;

/** Everything of one kind in a tab, with all its columns. */
export const tablesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:tables',
  description: 'Shows everything of one SageMaker kind as a table.',
  autoStart: true,
  requires: [ISmext],
  optional: [ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    smext: ISmext,
    restorer: ILayoutRestorer | null
  ): void => {
    const tabs = new WidgetTracker<GridTab>({ namespace: 'smext-table' });
    app.commands.addCommand(Commands.showTable, {
      label: smext.trans.__('Show a SageMaker table'),
      describedBy: {
        args: {
          type: 'object',
          required: ['kind'],
          properties: {
            kind: { type: 'string', description: 'Name of the kind' }
          }
        }
      },
      execute: args => showTable(app, smext, tabs, String(args.kind))
    });
    if (restorer) {
      void restorer.restore(tabs, {
        command: Commands.showTable,
        args: ({ content: { kind } }) => ({ kind }),
        name: ({ content: { kind } }) => kind
      });
    }
  }
};

async function showTable(
  app: JupyterFrontEnd,
  smext: ISmext,
  tabs: WidgetTracker<GridTab>,
  kind: string
): Promise<void> {
  const { GridWidget } = await import('../grid/widget');
  const shown = tabs.find(({ content }) => content.kind === kind);
  if (shown) {
    app.shell.activateById(shown.id);
    return;
  }
  const tab = new MainAreaWidget({ content: new GridWidget(smext, kind) });
  tab.toolbar.hide();
  tab.id = `smext-table-${encodeURIComponent(kind)}`;
  await tabs.add(tab);
  app.shell.add(tab, 'main');
}
