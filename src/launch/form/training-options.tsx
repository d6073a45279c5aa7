import * as React from 'react';
import { duration, money } from '../../format';
import type { LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Draft, Field } from './field';
import { bounded } from '../model/text-values';
import type { LaunchSession } from '../model/session';
import { Span } from './duration';

interface ITrainingProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** Minutes that SageMaker keeps machines at most. */
const LONGEST_KEPT = 60;

/** How long a run and all waiting for spot machines may take. */
export function Wait({ form, session }: ITrainingProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'max_wait_seconds';
  const longest = session.plan?.max_runtime_seconds || form.max_runtime_seconds;
  return (
    <Field
      session={session}
      field={field}
      hint={trans.__(
        'The run and all waiting for machines. Empty: %1.',
        duration(2 * longest)
      )}
    >
      {wiring => (
        <Span
          optional
          session={session}
          field={field}
          wiring={wiring}
          label={trans.__('Run and waiting')}
          seconds={form.max_wait_seconds}
          onValue={seconds => session.set(field, seconds)}
        />
      )}
    </Field>
  );
}

/** How long the machines are kept for a next run. */
export function Kept({ form, session }: ITrainingProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'keep_alive_seconds';
  const hourly = session.plan?.usd_per_hour ?? null;
  const hint =
    form.keep_alive_seconds === 0
      ? undefined
      : hourly === null
        ? trans.__('They bill meanwhile; the price is not known.')
        : trans.__(
            'Costs up to %1 where no run follows.',
            money((hourly * form.keep_alive_seconds) / 3600)
          );
  return (
    <Field session={session} field={field} hint={hint}>
      {wiring => (
        <Draft<number>
          session={session}
          field={field}
          wiring={wiring}
          text={String(Math.round(form.keep_alive_seconds / 60))}
          read={text => bounded(text, 0, LONGEST_KEPT)}
          write={String}
          onValue={minutes => session.set(field, minutes * 60)}
          suffix={trans.__('min')}
          numeric
        />
      )}
    </Field>
  );
}
