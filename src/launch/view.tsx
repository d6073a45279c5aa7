import * as React from 'react';
import { useSignal, useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import { Form } from './form/form';
import { PlanView } from './plan/view';
import { Saved } from './form/saved';
import type { LaunchSession } from './model/session';
import type { NotebookSource } from './model/source';

interface ILaunchProps {
  session: LaunchSession;
  source: NotebookSource;
  onRun: () => void;
  onShow: () => void;
  /** Puts code into the notebook; null while that is not open. */
  onInsert: ((source: string) => void) | null;
}

/** The form, and beside it what it comes to. */
export function LaunchView(props: ILaunchProps): JSX.Element {
  const { trans } = useSmext();
  const { session, source } = props;
  useSignal(session, session.changed);
  const { defaults, form, problem } = session;
  return (
    <div className="smext-Page">
      <h1>{trans.__('Run %1', source.path.split('/').pop())}</h1>
      <Unsaved source={source} />
      {form === null ? (
        problem ? (
          <ProblemNote problem={problem}>
            <button
              className="smext-Button"
              onClick={() => void session.load()}
            >
              {trans.__('Try again')}
            </button>
          </ProblemNote>
        ) : (
          <p className="smext-muted" role="status">
            {trans.__('Looking for the role, the image and the prices…')}
          </p>
        )
      ) : (
        <div className="smext-Launch-columns">
          <div>
            {defaults?.problems.map(each => (
              <ProblemNote key={each.message} problem={each} level="warn" />
            ))}
            <Form session={session} form={form} />
            <Saved session={session} source={source} />
          </div>
          <PlanView {...props} form={form} />
        </div>
      )}
    </div>
  );
}

/** What of the notebook goes along that its file does not hold. */
function Unsaved(props: { source: NotebookSource }): JSX.Element {
  const { trans } = useSmext();
  const { source } = props;
  const [cells, setCells] = React.useState<number | null>(0);
  React.useEffect(() => {
    let current = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () =>
      void source.unsavedCells().then(found => {
        if (current) {
          setCells(found);
        }
      });
    const onChange = () => {
      clearTimeout(timer);
      timer = setTimeout(look, 500);
    };
    look();
    source.changed.connect(onChange);
    return () => {
      current = false;
      clearTimeout(timer);
      source.changed.disconnect(onChange);
    };
  }, [source]);
  useSignal(source, source.changed);
  const text = source.closed
    ? trans.__('The notebook is closed: it runs as it was last on the screen.')
    : cells === null
      ? trans.__('As it is on the screen, with what is not saved yet.')
      : cells === 0
        ? trans.__('As it is on the screen.')
        : trans._n(
            'As it is on the screen, with unsaved edits in %1 cell.',
            'As it is on the screen, with unsaved edits in %1 cells.',
            cells
          );
  return <p className="smext-muted">{text}</p>;
}
