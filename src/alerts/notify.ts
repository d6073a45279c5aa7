import { Notification } from '@jupyterlab/apputils';
import { act } from '../stopping/action';
import type { CostWarning, Row, RowAction } from '../generated';
import { ending } from '../rows';
import { findRow } from '../state';
import type { ISmext } from '../tokens';
import { Commands } from '../tokens';
import type { Desktop } from './desktop';
import type { Memory } from './snooze';
import { markTitle } from './title';

/** So many pop up at once; the others are in the list behind the bell. */
const AT_ONCE = 2;
const DAY = 24 * 3_600_000;
/** ms that a warning covers what lies below it; what is grave, or came unseen, stays. */
const SHOWN = 15_000;

type Level = 'error' | 'warning' | 'info';

/** A warning as a notification, with what can be done about it. */
export function sayWarning(
  smext: ISmext,
  memory: Memory,
  desktop: Desktop,
  warning: CostWarning,
  before: number
): void {
  const { trans } = smext;
  const unseen = document.hidden;
  const { level, text, title } = warning;
  const stop = stopOf(smext, warning);
  const snooze = () => {
    const now = Date.now();
    memory.snooze(warning.id, now + DAY, now);
  };
  const actions = [
    { label: trans.__('Show'), callback: () => show(smext, warning) },
    ...(stop ? [stop] : []),
    { label: trans.__('Snooze for a day'), callback: snooze }
  ];
  const standing = level === 'error' || unseen ? false : SHOWN;
  const autoClose = before < AT_ONCE ? standing : 0;
  const message = `${title}. ${text}`;
  Notification.emit(message, level satisfies Level, { actions, autoClose });
  if (unseen) {
    markTitle();
    desktop.say(warning, () => show(smext, warning));
  }
}

/** What is meant, in its tab; the panel where that is several things. */
function show(smext: ISmext, { rows }: CostWarning): void {
  const { commands, model } = smext;
  if (rows.length !== 1) {
    void commands.execute(Commands.open);
    return;
  }
  const { key, kind } = rows[0];
  const name = findRow(model.state, kind, key)?.name;
  void commands.execute(Commands.showItem, {
    kind,
    key,
    ...(name === undefined ? {} : { name })
  });
}

/** The action that ends the one thing that is meant; it asks before it acts. */
function stopOf(
  smext: ISmext,
  { rows }: CostWarning
): Notification.IAction | null {
  const found = rows.length === 1 ? stoppable(smext, rows[0]) : null;
  return found === null
    ? null
    : {
        label: `${found.action.label}…`,
        caption: `${found.action.label} ${found.row.name}`,
        callback: () => {
          // By then it may have moved, or be gone.
          const now = stoppable(smext, rows[0]);
          if (now) {
            void act(smext, now.row, now.action);
          } else {
            const { trans } = smext;
            const text = trans.__('There is nothing to stop any more.');
            Notification.info(text, { autoClose: 5000 });
          }
        }
      };
}

function stoppable(
  { model }: ISmext,
  place: { kind: string; key: string }
): { row: Row; action: RowAction } | null {
  const row = findRow(model.state, place.kind, place.key);
  const action = row && ending(row);
  return row && action ? { row, action } : null;
}
