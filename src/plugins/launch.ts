import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import {
  ICommandPalette,
  IToolbarWidgetRegistry,
  MainAreaWidget,
  Notification,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ToolbarButton } from '@jupyterlab/ui-components';
import { runIcon } from '../icons';
import type { LaunchWidget } from '../launch/widget';
import { Commands, ISmext } from '../tokens';

type LaunchTab = MainAreaWidget<LaunchWidget>;

/** Running the open notebook: a command, and the places it is found in. */
export const launchPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:launch',
  description: 'Runs the open notebook as a SageMaker job.',
  autoStart: true,
  requires: [ISmext, IDocumentManager],
  optional: [
    INotebookTracker,
    IFileBrowserFactory,
    IToolbarWidgetRegistry,
    ICommandPalette,
    ILayoutRestorer
  ],
  activate: (
    app: JupyterFrontEnd,
    smext: ISmext,
    documents: IDocumentManager,
    notebooks: INotebookTracker | null,
    browsers: IFileBrowserFactory | null,
    toolbars: IToolbarWidgetRegistry | null,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const { trans } = smext;
    const tabs = new WidgetTracker<LaunchTab>({ namespace: 'smext-launch' });
    const selected = () => {
      const browser = browsers?.tracker.currentWidget;
      const items = browser ? Array.from(browser.selectedItems()) : [];
      return items.length === 1 && items[0].type === 'notebook'
        ? items[0].path
        : null;
    };
    app.commands.addCommand(Commands.runNotebook, {
      label: trans.__('Run this notebook on SageMaker…'),
      caption: trans.__('Run the notebook as it is on the screen, as a job'),
      icon: runIcon,
      describedBy: {
        args: { type: 'object', properties: PATH }
      },
      execute: async args => {
        const panel =
          typeof args.path === 'string'
            ? open(documents, args.path)
            : (notebooks?.currentWidget ?? null);
        if (panel === null) {
          const text = trans.__('Open a notebook first, then run it.');
          Notification.warning(text, { autoClose: 5000 });
          return;
        }
        await showTab(app, smext, documents, tabs, panel);
      }
    });
    app.commands.addCommand(Commands.runSelected, {
      label: trans.__('Run on SageMaker…'),
      icon: runIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      isVisible: () => selected() !== null,
      execute: () =>
        app.commands.execute(Commands.runNotebook, { path: selected() })
    });
    toolbars?.addFactory<NotebookPanel>('Notebook', 'smext-run', panel =>
      toolbarButton(smext, panel)
    );
    palette?.addItem({
      command: Commands.runNotebook,
      category: trans.__('SageMaker')
    });
    app.commands.addCommand(RESTORE, {
      label: trans.__('Open the launch of a notebook again'),
      describedBy: { args: { type: 'object', properties: PATH } },
      isVisible: () => false,
      execute: async args => {
        const path = String(args.path);
        if (await exists(app, path)) {
          await app.commands.execute(Commands.runNotebook, { path });
        }
      }
    });
    void restorer?.restore(tabs, {
      command: RESTORE,
      args: ({ content }) => ({ path: content.source.contentsPath }),
      name: ({ content }) => content.source.contentsPath
    });
  }
};

function toolbarButton(smext: ISmext, panel: NotebookPanel): ToolbarButton {
  return new ToolbarButton({
    className: 'smext-RunButton',
    icon: runIcon,
    tooltip: smext.trans.__('Run this notebook on SageMaker…'),
    onClick: () => {
      const { path } = panel.context;
      void smext.commands.execute(Commands.runNotebook, { path });
    }
  });
}

/** After a reload: what is gone in the meantime is not opened. */
const RESTORE = 'smext:restore-launch';

const PATH = {
  path: {
    type: 'string',
    description: 'Contents path; without it, the notebook in front'
  }
} as const;

async function exists(app: JupyterFrontEnd, path: string): Promise<boolean> {
  const { contents } = app.serviceManager;
  try {
    return (await contents.get(path, { content: false })).type === 'notebook';
  } catch (error) {
    return false;
  }
}

/** The notebook's tab, opened if need be. */
function open(documents: IDocumentManager, path: string): NotebookPanel | null {
  const widget =
    documents.findWidget(path, 'Notebook') ??
    documents.openOrReveal(path, 'Notebook');
  return (widget as NotebookPanel | undefined) ?? null;
}

/** A view of the document that is open. */
function findView(
  documents: IDocumentManager,
  context: NotebookPanel['context']
): NotebookPanel | null {
  const found = documents.findWidget(context.path, 'Notebook');
  return found?.context === context ? (found as NotebookPanel) : null;
}

async function showTab(
  app: JupyterFrontEnd,
  smext: ISmext,
  documents: IDocumentManager,
  tabs: WidgetTracker<LaunchTab>,
  panel: NotebookPanel
): Promise<void> {
  const [{ LaunchWidget }, { NotebookSource }] = await Promise.all([
    import('../launch/widget'),
    import('../launch/model/source')
  ]);
  const { context } = panel;
  const shown = tabs.find(tab => tab.content.source.context === context);
  if (shown) {
    app.shell.activateById(shown.id);
    return;
  }
  const { contents } = app.serviceManager;
  const view = () => findView(documents, context);
  const source = new NotebookSource(context, contents, view);
  const content = new LaunchWidget(smext, source);
  const tab = new MainAreaWidget({ content });
  tab.toolbar.hide();
  tab.id = `smext-launch-${Date.now()}`;
  await tabs.add(tab);
  const save = () => void tabs.save(tab);
  context.pathChanged.connect(save);
  tab.disposed.connect(() => context.pathChanged.disconnect(save));
  app.shell.add(tab, 'main', { ref: panel.id, mode: 'tab-after' });
}
