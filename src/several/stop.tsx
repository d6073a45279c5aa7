import {
  Dialog,
  Notification,
  ReactWidget,
  showDialog
} from '@jupyterlab/apputils';
import * as React from 'react';
import { problemOf, problemText } from '../errors';
import type { Problem, Row, RowRef } from '../generated';
import { rowId } from '../rows';
import type { ISmext } from '../tokens';
import type { Item, Outcome } from './choice';
import { chosen, stopAll } from './choice';
import { List, Outcomes } from './view';

/**
 * Ask once for all of them, then stop those that are ticked, and say what came
 * of it. What `meant` refuses is listed, but has to be ticked by hand. False
 * where nothing was to be stopped.
 */
export async function stopSeveral(
  smext: ISmext,
  rows: readonly Row[],
  meant: (row: Row) => boolean = () => true
): Promise<boolean> {
  const { model, trans } = smext;
  const { kept, problem } = await keptNow(smext);
  const choice = chosen(rows, kept);
  const ticked = new Set(
    choice.items
      .map(({ row }) => row)
      .filter(meant)
      .map(rowId)
  );
  const answer = await showDialog({
    title: trans.__('Stop several things?'),
    body: ReactWidget.create(
      <List choice={choice} problem={problem} ticked={ticked} trans={trans} />
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: trans.__('Stop what is ticked') })
    ],
    defaultButton: 0
  });
  const items = choice.items.filter(({ row }) => ticked.has(rowId(row)));
  if (!answer.button.accept || items.length === 0) {
    return false;
  }
  const outcomes = await stopWithProgress(smext, items);
  model.update();
  await tell(smext, outcomes);
  return true;
}

/** What is marked to be kept, asked for anew: a mark made just now protects. */
async function keptNow({
  model,
  preferences
}: ISmext): Promise<{ kept: readonly RowRef[]; problem: Problem | null }> {
  try {
    const { kept } = await model.api.warnings(preferences.warnings, null);
    return { kept, problem: null };
  } catch (error) {
    const kept = model.state.warnings?.kept ?? [];
    return { kept, problem: problemOf(error) };
  }
}

async function stopWithProgress(
  { model, trans }: ISmext,
  items: Item[]
): Promise<Outcome[]> {
  const text = (done: number) =>
    trans.__('Stopping: %1 of %2 done', done, items.length);
  const id = Notification.emit(text(0), 'in-progress', {
    autoClose: false,
    progress: 0
  });
  const outcomes = await stopAll(model.api, items, done =>
    Notification.update({
      id,
      message: text(done),
      progress: done / items.length
    })
  );
  Notification.dismiss(id);
  return outcomes;
}

async function tell(smext: ISmext, outcomes: Outcome[]): Promise<void> {
  const { trans } = smext;
  const failed = outcomes.filter(({ problem }) => problem !== null);
  if (failed.length === 0) {
    const text = trans._n(
      '%1 thing is being stopped.',
      '%1 things are being stopped.',
      outcomes.length
    );
    Notification.success(text, { autoClose: 5000 });
    return;
  }
  // Behind the bell as well: the dialog is soon closed.
  for (const { item, problem } of failed) {
    const why = problem ? problemText(problem) : '';
    const { action, row } = item;
    Notification.error(
      trans.__('%1 did not work: %2. %3', action.label, row.name, why),
      { autoClose: 0 as const }
    );
  }
  await showDialog({
    title: trans.__('%1 of %2 did not work', failed.length, outcomes.length),
    body: ReactWidget.create(<Outcomes outcomes={outcomes} trans={trans} />),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}
