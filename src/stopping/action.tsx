import {
  Dialog,
  Notification,
  ReactWidget,
  showDialog
} from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import * as React from 'react';
import { problemOf, problemText } from '../errors';
import type { Row, RowAction } from '../generated';
import type { ISmext } from '../tokens';
import { setAcceptButton } from './accept-button';

/** Ask, then act, then say what came of it. */
export async function act(
  smext: ISmext,
  row: Row,
  action: RowAction
): Promise<void> {
  if (row.here && action.danger) {
    const { stopHere } = await import('./before-leave');
    return stopHere(smext, row, action);
  }
  const { trans } = smext;
  if (
    (await confirmed(trans, row, action)) &&
    (!action.ask_twice || (await confirmedTwice(smext, row, action)))
  ) {
    await perform(smext, row, action);
  }
}

/** Do what was asked about, and say what came of it. */
export async function perform(
  { model, trans }: ISmext,
  row: Row,
  action: RowAction
): Promise<void> {
  const progress = Progress.start(`${action.label} ${row.name}…`);
  try {
    const result = await model.api.act(row, action.name, {
      confirmed: true,
      confirmed_twice: action.ask_twice
    });
    progress.end();
    Notification.success(result.message, { autoClose: 5000 });
  } catch (error) {
    progress.end();
    const message = trans.__(
      '%1 did not work: %2. %3',
      action.label,
      row.name,
      problemText(problemOf(error))
    );
    Notification.error(message, { autoClose: false });
  }
  model.update();
}

/** A notification while something takes its time; none when it does not. */
class Progress {
  static start(message: string): Progress {
    const progress = new Progress();
    progress._timer = setTimeout(() => {
      progress._id = Notification.emit(message, 'in-progress', {
        autoClose: false
      });
    }, PATIENCE);
    return progress;
  }

  end(): void {
    clearTimeout(this._timer);
    if (this._id) {
      Notification.dismiss(this._id);
    }
  }

  private _id: string | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}

/** ms before anybody is told that there is something to wait for. */
const PATIENCE = 800;

async function confirmed(
  trans: TranslationBundle,
  row: Row,
  action: RowAction
): Promise<boolean> {
  const answer = await showDialog({
    title: trans.__('%1 %2?', action.label, row.name),
    body: ReactWidget.create(<Consequences action={action} trans={trans} />),
    buttons: buttons(trans, action),
    defaultButton: action.danger ? 0 : 1
  });
  return answer.button.accept;
}

/** The second question: of this very machine, or in a protected account. */
export async function confirmedTwice(
  { trans }: Pick<ISmext, 'trans'>,
  row: Row,
  action: RowAction
): Promise<boolean> {
  let ticked = false;
  const onTick = (now: boolean) => {
    ticked = now;
  };
  const answer = await showDialog({
    title: row.here
      ? trans.__('%1 %2, where this page runs?', action.label, row.name)
      : trans.__('%1 %2, in a protected account?', action.label, row.name),
    body: ReactWidget.create(
      <Insist trans={trans} onTick={onTick} here={row.here} />
    ),
    buttons: buttons(trans, action),
    defaultButton: 0
  });
  return answer.button.accept && ticked;
}

function buttons(
  trans: TranslationBundle,
  action: RowAction
): Dialog.IButton[] {
  const make = action.danger ? Dialog.warnButton : Dialog.okButton;
  return [
    Dialog.cancelButton({ label: trans.__('Cancel') }),
    make({ label: action.label })
  ];
}

/** What is lost, and what stays. */
export function Consequences(props: {
  action: RowAction;
  trans: TranslationBundle;
}): JSX.Element {
  const { action, trans } = props;
  return (
    <dl className="smext-Consequences">
      {action.lost && (
        <>
          <dt className="smext-mod-bad">{trans.__('Lost')}</dt>
          <dd>{action.lost}</dd>
        </>
      )}
      {action.stays && (
        <>
          <dt className="smext-mod-ok">{trans.__('Stays')}</dt>
          <dd>{action.stays}</dd>
        </>
      )}
    </dl>
  );
}

/** The dialog's button stays shut until the box is ticked. */
function Insist(props: {
  trans: TranslationBundle;
  onTick: (ticked: boolean) => void;
  here: boolean;
}): JSX.Element {
  const { here, onTick, trans } = props;
  const box = React.useRef<HTMLInputElement>(null);
  const [sure, setSure] = React.useState(false);
  React.useEffect(() => {
    onTick(sure);
    setAcceptButton(box.current, { enabled: sure });
  }, [onTick, sure]);
  return (
    <div className="smext-Insist">
      <p>
        {here
          ? trans.__(
              'This is the very machine that serves this page: the page stops working, and every kernel and terminal on it ends.'
            )
          : trans.__(
              'Your administrator protects this account: what runs here may be what others depend on.'
            )}
      </p>
      <label>
        <input
          ref={box}
          type="checkbox"
          checked={sure}
          onChange={event => setSure(event.target.checked)}
        />
        {here
          ? trans.__('I have saved my work and want this.')
          : trans.__('I know what this ends and want it.')}
      </label>
    </div>
  );
}
