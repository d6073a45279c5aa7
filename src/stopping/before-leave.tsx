import {
  Dialog,
  Notification,
  ReactWidget,
  showDialog
} from '@jupyterlab/apputils';
import * as React from 'react';
import { Consequences, confirmedTwice, perform } from './action';
import type { Row, RowAction } from '../generated';
import { ending, rowId } from '../rows';
import { findKind } from '../state';
import type { ISmext } from '../tokens';
import type { Choice, Item } from './selection';
import { chosen } from './selection';
import { goesOn, remaining, unknowns } from './remaining';
import { keptNow, stopWithProgress, tellFailures } from './bulk-stop';
import { List, Outcomes } from './dialog';

/** ms that the question waits to learn what is marked to be kept. */
const PATIENCE = 2000;

/**
 * Before the server is left by a command that is called `label`: what goes on
 * billing, and whether some of it is to be stopped first. False where the
 * command is not to be carried out.
 */
export async function mayLeave(smext: ISmext, label: string): Promise<boolean> {
  const { model, trans } = smext;
  const rows = remaining(model.state);
  if (rows.length === 0) {
    sayUnknown(smext);
    return true;
  }
  const asked = await ask(smext, {
    title: trans.__('%1: this goes on billing', label),
    go: trans.__('%1 Anyway', label),
    then: label,
    rows,
    intro: (
      <p className="smext-Several-line">
        <b>{goesOn(rows, model.state, trans)}</b>{' '}
        {trans.__('%1 does not stop what was started from here.', label)}
      </p>
    )
  });
  if (asked === null) {
    return false;
  }
  const here = asked.filter(({ row }) => row.here);
  for (const { action, row } of here) {
    if (!(await confirmedTwice(smext, row, action))) {
      return false;
    }
  }
  const others = asked.filter(({ row }) => !row.here);
  if (!(await stopFirst(smext, others, trans.__('%1 Anyway', label)))) {
    return false;
  }
  for (const { action, row } of here) {
    await perform(smext, row, action);
  }
  // With its machine, the server ends by itself.
  return here.length === 0;
}

/** Stop what serves this page: what it leaves behind is asked about, and stopped before it. */
export async function stopHere(
  smext: ISmext,
  row: Row,
  action: RowAction
): Promise<void> {
  const { model, trans } = smext;
  const rows = remaining(model.state).filter(other => !other.here);
  const kind = findKind(model.state, row.kind)?.singular ?? row.kind;
  const asked = await ask(smext, {
    title: trans.__('%1 %2?', action.label, row.name),
    go: action.label,
    then: trans.__('%1 %2', action.label, row.name),
    rows,
    intro: (
      <>
        <Consequences action={action} trans={trans} />
        <p className="smext-Several-line">
          {trans.__('Stopping this %1 does not stop what it started.', kind)}{' '}
          {rows.length > 0 && <b>{goesOn(rows, model.state, trans)}</b>}
        </p>
      </>
    )
  });
  const anyway = trans.__('%1 %2 Anyway', action.label, row.name);
  if (
    asked !== null &&
    (!action.ask_twice || (await confirmedTwice(smext, row, action))) &&
    (await stopFirst(smext, asked, anyway))
  ) {
    await perform(smext, row, action);
  }
}

type Question = {
  title: string;
  /** What goes on. */
  rows: readonly Row[];
  intro: JSX.Element;
  /** On the button while nothing is ticked. */
  go: string;
  /** On it after how many are stopped first. */
  then: string;
};

/** What is to be stopped first; null where all is to stay as it is. */
async function ask(smext: ISmext, question: Question): Promise<Item[] | null> {
  const { model, trans } = smext;
  const { go, intro, rows, then, title } = question;
  const { kept, problem } =
    rows.length > 0 ? await keptNow(smext, PATIENCE) : NOTHING_KEPT;
  const choice = withHere(rows, chosen(rows, kept));
  const ticked = new Set<string>();
  const accept = (count: number) => ({
    enabled: true,
    label: count === 0 ? go : trans.__('Stop %1, then %2', count, then)
  });
  const answer = await showDialog({
    title,
    body: ReactWidget.create(
      <List
        choice={choice}
        problem={problem}
        ticked={ticked}
        trans={trans}
        accept={accept}
        intro={
          <>
            {intro}
            <p className="smext-Several-line smext-muted">
              {unknowns(model.state, trans).join(' ')}
            </p>
            {choice.items.length > 0 && (
              <p className="smext-Several-line">
                {trans.__('Tick what is to be stopped first:')}
              </p>
            )}
          </>
        }
      />
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: go })
    ],
    defaultButton: 0
  });
  return answer.button.accept
    ? choice.items.filter(({ row }) => ticked.has(rowId(row)))
    : null;
}

const NOTHING_KEPT = { kept: [], problem: null };

/** This machine may be stopped as well, after all others. */
function withHere(rows: readonly Row[], choice: Choice): Choice {
  const here = rows.flatMap(row => {
    const action = row.here ? ending(row) : null;
    return action ? [{ row, action }] : [];
  });
  const meant = new Set(here.map(({ row }) => row));
  return {
    items: [...choice.items, ...here],
    leftOut: choice.leftOut.filter(({ row }) => !meant.has(row))
  };
}

/** Stop these; where one does not stop, ask whether to go on. */
async function stopFirst(
  smext: ISmext,
  items: Item[],
  anyway: string
): Promise<boolean> {
  const { model, trans } = smext;
  if (items.length === 0) {
    return true;
  }
  const outcomes = await stopWithProgress(smext, items);
  model.update();
  const failed = tellFailures(smext, outcomes);
  if (failed === 0) {
    return true;
  }
  const answer = await showDialog({
    title: trans.__('%1 of %2 did not work', failed, outcomes.length),
    body: ReactWidget.create(<Outcomes outcomes={outcomes} trans={trans} />),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.warnButton({ label: anyway })
    ],
    defaultButton: 0
  });
  return answer.button.accept;
}

/** Nothing that is seen goes on; what is not seen is said, and keeps nobody. */
function sayUnknown({ model, trans }: ISmext): void {
  const { connection } = model.state;
  const lines = unknowns(model.state, trans);
  if (connection === 'missing' || lines.length === 0) {
    return;
  }
  const text = trans.__(
    'Whether anything on SageMaker goes on billing is not known. %1',
    lines.join(' ')
  );
  Notification.warning(text, { autoClose: false });
}
