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
import type { Item, Outcome } from './selection';
import { chosen, stopAll } from './selection';
import { List, Outcomes } from './dialog';

/** ms to learn what is marked to be kept. */
const PATIENCE = 20_000;

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
  const { kept, problem } = await keptNow(smext, PATIENCE);
  const choice = chosen(rows, kept);
  const go = trans.__('Stop what is ticked');
  const ticked = new Set(
    choice.items
      .map(({ row }) => row)
      .filter(meant)
      .map(rowId)
  );
  const answer = await showDialog({
    title: trans.__('Stop several things?'),
    body: ReactWidget.create(
      <List
        choice={choice}
        problem={problem}
        ticked={ticked}
        trans={trans}
        accept={count => ({ enabled: count > 0, label: go })}
        intro={
          choice.items.length === 0 && (
            <p className="smext-Several-line">
              {trans.__('Nothing here can be stopped.')}
            </p>
          )
        }
      />
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: go })
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

/**
 * What is marked to be kept, asked for anew: a mark made just now protects.
 * Where there is no answer within so many ms, what was marked before.
 */
export async function keptNow(
  { model, preferences, trans }: ISmext,
  patience: number
): Promise<{ kept: readonly RowRef[]; problem: Problem | null }> {
  const late = new Promise<never>((_, reject) =>
    setTimeout(() => reject(new Error(trans.__('No answer.'))), patience)
  );
  try {
    const asked = model.api.warnings(preferences.warnings, null);
    const { kept, kept_unknown } = await Promise.race([asked, late]);
    return { kept, problem: kept_unknown };
  } catch (error) {
    const kept = model.state.warnings?.kept ?? [];
    return { kept, problem: problemOf(error) };
  }
}

/** Stop them under a notification that counts. */
export async function stopWithProgress(
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
  const failed = tellFailures(smext, outcomes);
  if (failed === 0) {
    const text = trans._n(
      '%1 thing is being stopped.',
      '%1 things are being stopped.',
      outcomes.length
    );
    Notification.success(text, { autoClose: 5000 });
    return;
  }
  await showDialog({
    title: trans.__('%1 of %2 did not work', failed, outcomes.length),
    body: ReactWidget.create(<Outcomes outcomes={outcomes} trans={trans} />),
    buttons: [Dialog.okButton({ label: trans.__('Close') })]
  });
}

/** How many did not work; behind the bell as well, for a dialog is soon closed. */
export function tellFailures(
  { trans }: ISmext,
  outcomes: readonly Outcome[]
): number {
  let failed = 0;
  for (const { item, problem } of outcomes) {
    if (problem !== null) {
      failed += 1;
      const { action, row } = item;
      const why = problemText(problem);
      Notification.error(
        trans.__('%1 did not work: %2. %3', action.label, row.name, why),
        { autoClose: 0 as const }
      );
    }
  }
  return failed;
}
