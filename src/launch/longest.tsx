import * as React from 'react';
import { duration, money } from '../format';
import type { LaunchForm } from '../generated';
import { useSmext } from '../parts/hooks';
import { Draft, Field, Segments } from './field';
import { dollars } from './fields';
import type { LaunchSession } from './session';
import { Span } from './span';

interface ILongestProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** The longest run, as a time or as what it may cost. */
export function Longest(props: ILongestProps): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  const by = form.max_usd === null ? 'time' : 'cost';
  const choose = (next: 'time' | 'cost') => {
    if (next !== by) {
      session.set('max_usd', next === 'cost' ? suggested(session) : null);
    }
  };
  return (
    <div className="smext-Longest">
      <Segments
        small
        label={trans.__('Limit the run by')}
        choices={[
          ['time', trans.__('by time')],
          ['cost', trans.__('by cost')]
        ]}
        value={by}
        onChange={choose}
        disabled={
          session.fixed('max_usd') || session.fixed('max_runtime_seconds')
        }
      />
      {by === 'time' ? <ByTime {...props} /> : <ByCost {...props} />}
    </div>
  );
}

/** About what the run may cost as it is limited now. */
function suggested({ plan }: LaunchSession): number {
  const most = plan?.max_usd;
  return most ? Math.max(0.01, Math.ceil(most * 100) / 100) : 5;
}

function ByTime({ form, session }: ILongestProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'max_runtime_seconds';
  const most = session.plan?.max_usd ?? null;
  return (
    <Field
      session={session}
      field={field}
      label={trans.__('Stop after')}
      hint={most === null ? undefined : trans.__('= at most %1', money(most))}
    >
      {wiring => (
        <Span
          session={session}
          field={field}
          wiring={wiring}
          label={trans.__('Longest run')}
          seconds={form.max_runtime_seconds}
          onValue={seconds => session.set(field, seconds as number)}
        />
      )}
    </Field>
  );
}

function ByCost({ form, session }: ILongestProps): JSX.Element {
  const { trans } = useSmext();
  const { plan, planning } = session;
  const usd = form.max_usd ?? 0;
  const seconds = plan && !planning ? plan.max_runtime_seconds : 0;
  return (
    <Field
      session={session}
      field="max_usd"
      label={trans.__('Stop at')}
      hint={
        seconds > 0
          ? trans.__('%1 = %2', money(usd), duration(seconds))
          : undefined
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
