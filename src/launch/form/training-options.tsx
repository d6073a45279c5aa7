import * as React from 'react';
import { duration, money } from '../../format';
import type { LaunchForm } from '../../generated';
import { useSmext } from '../../components/hooks';
import { Draft, Field, Switch } from './field';
import { bounded } from '../model/text-values';
import { Section } from './section';
import type { LaunchSession } from '../model/session';
import { Span } from './duration';

interface IMoneyProps {
  session: LaunchSession;
  form: LaunchForm;
}

/** Minutes that SageMaker keeps machines at most. */
const LONGEST_KEPT = 60;

/** What makes a training job cheaper, or the next one start sooner. */
export function Money(props: IMoneyProps): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  return (
    <Section session={session} name="money" label={trans.__('Money')}>
      {form.job_kind === 'training' ? (
        <>
          <Spot {...props} />
          <div className="smext-Two smext-mod-fit">
            {form.spot && <Wait {...props} />}
            <Kept {...props} />
            <Retries {...props} />
          </div>
        </>
      ) : (
        <p className="smext-muted">
          {trans.__(
            'Spot machines, kept machines and retries are for training jobs.'
          )}
        </p>
      )}
    </Section>
  );
}

function Spot({ form, session }: IMoneyProps): JSX.Element {
  const { trans } = useSmext();
  return (
    <Switch
      session={session}
      field="spot"
      label={trans.__('Spot machines')}
      hint={trans.__(
        'Cheaper; AWS may take them away, then the run begins anew.'
      )}
      checked={form.spot}
      onChange={spot => session.set('spot', spot)}
    />
  );
}

function Wait({ form, session }: IMoneyProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'max_wait_seconds';
  const longest = session.plan?.max_runtime_seconds || form.max_runtime_seconds;
  return (
    <Field
      session={session}
      field={field}
      label={trans.__('Give up after')}
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

function Kept({ form, session }: IMoneyProps): JSX.Element {
  const { trans } = useSmext();
  const field = 'keep_alive_seconds';
  const hourly = session.plan?.usd_per_hour ?? null;
  const hint =
    form.keep_alive_seconds === 0
      ? trans.__('For a next run that starts at once; they bill meanwhile.')
      : hourly === null
        ? trans.__('They bill meanwhile; the price is not known.')
        : trans.__(
            'Costs up to %1 where no run follows.',
            money((hourly * form.keep_alive_seconds) / 3600)
          );
  return (
    <Field
      session={session}
      field={field}
      label={trans.__('Keep the machines')}
      hint={hint}
    >
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

function Retries({ form, session }: IMoneyProps): JSX.Element {
  const { trans } = useSmext();
  return (
    <Field
      session={session}
      field="retries"
      label={trans.__('Retries')}
      hint={trans.__('After an internal error of SageMaker’s own.')}
    >
      {wiring => (
        <Draft<number>
          session={session}
          field="retries"
          wiring={wiring}
          text={String(form.retries)}
          read={text => bounded(text, 0, 30)}
          write={String}
          onValue={value => session.set('retries', value)}
          numeric
        />
      )}
    </Field>
  );
}
