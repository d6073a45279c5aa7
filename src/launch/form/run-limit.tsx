import * as React from 'react';
import { duration, money } from '../../format';
import type { LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Draft, Field } from './field';
import { dollars } from '../model/text-values';
import type { LaunchSession } from '../model/session';
import { Span } from './duration';

interface ILongestProps {
  session: LaunchSession;
  form: LaunchForm;
}

interface IByProps extends ILongestProps {
  onSwitch: () => void;
}

/** The longest run, as a time or as what it may cost. */
export function Longest(props: ILongestProps): JSX.Element {
  const { form, session } = props;
  const byTime = form.max_usd === null;
  const box = React.useRef<HTMLDivElement>(null);
  const switched = React.useRef(false);
  React.useEffect(() => {
    if (switched.current) {
      // What was clicked is gone.
      box.current?.querySelector('input')?.focus();
    }
    switched.current = false;
  }, [byTime]);
  const limit = (usd: number | null) => {
    switched.current = true;
    session.set('max_usd', usd);
  };
  return (
    <div ref={box}>
      {byTime ? (
        <ByTime {...props} onSwitch={() => limit(suggested(session))} />
      ) : (
        <ByCost {...props} onSwitch={() => limit(null)} />
      )}
    </div>
  );
}

/** What the limit comes to, and the way to the other kind of limit. */
function Hint(props: {
  session: LaunchSession;
  text: string;
  other: string;
  onSwitch: () => void;
}): JSX.Element {
  const { session } = props;
  const fixed =
    session.fixed('max_usd') || session.fixed('max_runtime_seconds');
  return (
    <span className="smext-Longest">
      <span>{props.text}</span>
      {!fixed && (
        <button type="button" className="smext-Link" onClick={props.onSwitch}>
          {props.other}
        </button>
      )}
    </span>
  );
}

/** About what the run may cost as it is limited now. */
function suggested({ plan }: LaunchSession): number {
  const most = plan?.max_usd;
  return most ? Math.max(0.01, Math.ceil(most * 100) / 100) : 5;
}

function ByTime({ form, onSwitch, session }: IByProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'max_runtime_seconds';
  const most = session.plan?.max_usd ?? null;
  return (
    <Field
      session={session}
      field={field}
      hint={
        <Hint
          session={session}
          text={most === null ? '' : trans.__('= at most %1', money(most))}
          other={trans.__('Limit by cost')}
          onSwitch={onSwitch}
        />
      }
    >
      {wiring => (
        <Span
          session={session}
          field={field}
          wiring={wiring}
          label={trans.__('Time limit')}
          seconds={form.max_runtime_seconds}
          onValue={seconds => session.set(field, seconds as number)}
        />
      )}
    </Field>
  );
}

function ByCost({ form, onSwitch, session }: IByProps): JSX.Element {
  const { trans } = useSmext();
  const { plan, planning } = session;
  const usd = form.max_usd ?? 0;
  const seconds = plan && !planning ? plan.max_runtime_seconds : 0;
  return (
    <Field
      session={session}
      field="max_usd"
      hint={
        <Hint
          session={session}
          text={
            seconds > 0
              ? trans.__('%1 = %2', money(usd), duration(seconds))
              : ''
          }
          other={trans.__('Limit by time')}
          onSwitch={onSwitch}
        />
      }
    >
      {wiring => (
        <Draft<number>
          session={session}
          field="max_usd"
          wiring={wiring}
          text={String(usd)}
          read={dollars}
          write={String}
          onValue={value => session.set('max_usd', value)}
          prefix="$"
          numeric
        />
      )}
    </Field>
  );
}
