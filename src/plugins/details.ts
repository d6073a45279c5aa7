import type {
  JupyterFrontEnd,
  JupyterFrontEndPlugin
} from '@jupyterlab/application';
import { ILayoutRestorer } from '@jupyterlab/application';
import {
  MainAreaWidget,
  Notification,
  WidgetTracker
} from '@jupyterlab/apputils';
import { IDocumentManager } from '@jupyterlab/docmanager';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import type { ItemWidget } from '../details/widget';
import { problemOf, problemText } from '../errors';
import { findOpen } from '../launch/model/notebook';
import type { Place } from '../rows';
import { rowId } from '../rows';
import { findRow } from '../state';
import { Commands, ISmext } from '../tokens';

type ItemTab = MainAreaWidget<ItemWidget>;

/** The tab of one item, and the notebook that a job has left behind. */
export const detailsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'smext:details',
  description: 'Shows one SageMaker job or resource in a tab.',
  autoStart: true,
  requires: [ISmext, IDocumentManager],
  optional: [ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    smext: ISmext,
    documents: IDocumentManager,
    restorer: ILayoutRestorer | null
  ): void => {
    const { trans } = smext;
    const tabs = new WidgetTracker<ItemTab>({ namespace: 'smext-item' });
    app.commands.addCommand(Commands.showItem, {
      label: trans.__('Show a SageMaker item'),
      describedBy: { args: ITEM_ARGS },
      execute: args => showItem(app, smext, tabs, args)
    });
    app.commands.addCommand(Commands.openNotebook, {
      label: trans.__('Open the notebook of a SageMaker job'),
      describedBy: { args: ITEM_ARGS },
      execute: args => openNotebook(smext, documents, placeOf(args))
    });
    if (restorer) {
      void restorer.restore(tabs, {
        command: Commands.showItem,
        args: ({ content: { name, place } }) => ({ ...place, name }),
        name: ({ content: { place } }) => rowId(place)
      });
    }
  }
};

async function showItem(
  app: JupyterFrontEnd,
  smext: ISmext,
  tabs: WidgetTracker<ItemTab>,
  args: ReadonlyPartialJSONObject
): Promise<void> {
  const place = placeOf(args);
  const { ItemWidget } = await import('../details/widget');
  const same = ({ content }: ItemTab) => rowId(content.place) === rowId(place);
  const shown = tabs.find(same);
  if (shown) {
    app.shell.activateById(shown.id);
    return;
  }
  const name = String(args.name ?? decodeURIComponent(place.key));
  const content = new ItemWidget(smext, place, name);
  const tab = new MainAreaWidget({ content });
  tab.toolbar.hide();
  tab.id = `smext-item-${encodeURIComponent(rowId(place))}`;
  await tabs.add(tab);
  app.shell.add(tab, 'main');
}

/** A copy of the job's notebook, beside its source where that is open. */
async function openNotebook(
  { model, trans }: ISmext,
  documents: IDocumentManager,
  place: Place
): Promise<void> {
  const row = findRow(model.state, place.kind, place.key);
  try {
    const opened = await model.api.openNotebook(place);
    const find = (path: string) => documents.findWidget(path, 'Notebook');
    const source = row?.notebook ? findOpen(row.notebook, find) : undefined;
    const beside = source?.isAttached
      ? { mode: 'split-right' as const, ref: source.id }
      : undefined;
    const shown = findOpen(opened.path, find)?.context;
    if (shown && !shown.model.dirty) {
      // It may be open as it was when it was opened last.
      await shown.revert();
    }
    const path = shown?.path ?? opened.path;
    documents.openOrReveal(path, 'Notebook', undefined, beside);
    if (opened.note) {
      Notification.info(opened.note, { autoClose: 5000 });
    }
  } catch (error) {
    const text = trans.__(
      'Could not open the notebook of %1. %2',
      row?.name ?? place.key,
      problemText(problemOf(error))
    );
    Notification.error(text, { autoClose: false });
  }
}

function placeOf(args: ReadonlyPartialJSONObject): Place {
  return { kind: String(args.kind), key: String(args.key) };
}

const ITEM_ARGS = {
  type: 'object',
  required: ['kind', 'key'],
  properties: {
    kind: { type: 'string', description: 'Name of the kind' },
    key: { type: 'string', description: 'Key of the row' },
    name: { type: 'string', description: 'Title until the item is read' }
  }
} as const;
