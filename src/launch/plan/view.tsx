import * as React from 'react';
import { duration, money, rate } from '../../format';
import type { Check, LaunchForm, Plan } from '../../generated';
import { useSmext } from '../../components/hooks';
import { ProblemNote } from '../../components/problem';
import { CodeView } from './code-view';
import { Contents } from './contents';
import { place, controls } from '../model/faults';
import { jumpTo } from '../form/focus';
import { SendingView } from './submission';
import type { Blocked, LaunchSession } from '../model/session';

/** What a launch would do and cost at most, and the button that does it. */
export function PlanView(props: {
  session: LaunchSession;
  form: LaunchForm;
  onRun: () => void;
  onShow: () => void;
  onInsert: ((source: string) => void) | null;
}): JSX.Element {
  const { trans } = useSmext();
  const { form, session } = props;
  const { plan, planning, problem } = session;
  return (
    <aside
      className="smext-Plan"
      aria-label={trans.__('Plan')}
      aria-busy={planning}
    >
      <div className="smext-Plan-head">
        <b>{trans.__('Plan')}</b>
        <span className="smext-muted" role="status">
          {planning ? trans.__('checking…') : plan ? trans.__('checked') : ''}
        </span>
      </div>
      {plan && <Price plan={plan} form={form} />}
      {problem && <ProblemNote problem={problem} />}
      {session.sending.lost && (
        <p className="smext-Note smext-mod-warn" role="alert">
          {trans.__(
            'No answer came to the launch of %1: it may be running. Run sends it again under the same name, which cannot start it twice.',
            session.sending.lost
          )}
        </p>
      )}
      {plan && <Checks checks={plan.checks} session={session} form={form} />}
      {plan && <Contents plan={plan} session={session} />}
      <RunButton {...props} />
      {plan && <Request plan={plan} />}
      {plan && <CodeView session={session} onInsert={props.onInsert} />}
    </aside>
  );
}

function Price(props: { plan: Plan; form: LaunchForm }): JSX.Element {
  const { trans } = useSmext();
  const { form, plan } = props;
  const { max_usd, price, usd_per_hour } = plan;
  const machines = trans._n('%1 machine', '%1 machines', form.instance_count);
  return (
    <div title={price ? `${price.source} (${price.as_of})` : undefined}>
      <div className="smext-Plan-price smext-num">
        {max_usd === null
          ? trans.__('price unknown')
          : trans.__('at most %1', money(max_usd))}
      </div>
      <div className="smext-muted smext-num">
        {[
          usd_per_hour === null ? null : rate(usd_per_hour),
          `${machines} ${form.instance_type}`,
          trans.__(
            'stops after %1',
            duration(plan.max_runtime_seconds || form.max_runtime_seconds)
          )
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
      {plan.likely_usd !== null && (
        <div className="smext-num" title={plan.likely_why}>
          {trans.__('likely %1', money(plan.likely_usd))}{' '}
          <span className="smext-muted">
            {plan.likely_seconds === null
              ? plan.likely_why
              : trans.__('last run %1', duration(plan.likely_seconds))}
          </span>
        </div>
      )}
    </div>
  );
}

const MARKS: Record<Check['status'], { sign: string; tone: string }> = {
  ok: { sign: '✓', tone: 'ok' },
  warning: { sign: '!', tone: 'warn' },
  'will fail': { sign: '✗', tone: 'bad' },
  'cannot tell': { sign: '?', tone: 'off' }
};

function Checks(props: {
  checks: readonly Check[];
  session: LaunchSession;
  form: LaunchForm;
}): JSX.Element {
  const { trans } = useSmext();
  const { checks, form, session } = props;
  const shown = controls(form, session.defaults);
  return (
    <ul className="smext-Checks" aria-label={trans.__('Checks')}>
      {checks.map((check, at) => {
        const mark = MARKS[check.status] ?? MARKS['cannot tell'];
        const field = check.field && place(check.field, shown, form);
        return (
          <li key={`${at} ${check.name}`} title={check.name}>
            <span
              className={`smext-mod-${mark.tone}`}
              role="img"
              aria-label={check.status}
            >
              {mark.sign}
            </span>
            <span>
              {check.message}{' '}
              {check.advice && (
                <span className="smext-muted">{check.advice}</span>
              )}{' '}
              {field && check.status === 'will fail' && (
                <button
                  className="smext-Link"
                  onClick={event => jumpTo(event.currentTarget, field)}
                >
                  {trans.__('Change')}
                </button>
              )}
            </span>
          </li>
        );
      })}
    </ul>
  );
}

function RunButton(props: {
  session: LaunchSession;
  onRun: () => void;
  onShow: () => void;
}): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  const { launched, plan, sending } = session;
  if (sending.active) {
    return <SendingView sending={sending} />;
  }
  if (launched) {
    return (
      <div className="smext-Plan-run" role="status">
        <span>{trans.__('Launched %1.', launched.name)}</span>
        <button
          className="smext-Button smext-mod-primary"
          onClick={props.onShow}
        >
          {trans.__('Show the job')}
        </button>
        <button className="smext-Button" onClick={() => session.replan(0)}>
          {trans.__('Run another')}
        </button>
      </div>
    );
  }
  const { blocked } = session;
  const why = blocked === null ? '' : reason(blocked, trans);
  const most = plan?.max_usd;
  const label =
    most === null || most === undefined
      ? trans.__('Run')
      : trans.__('Run · at most %1', money(most));
  return (
    <div className="smext-Plan-run">
      <button
        className="smext-Button smext-mod-primary"
        disabled={blocked !== null}
        title={why}
        onClick={props.onRun}
      >
        {label}
      </button>
      <span className="smext-Plan-why smext-muted" role="status">
        {sending.cancelled !== null && blocked === null
          ? trans.__('Cancelled: nothing was created.')
          : why}
      </span>
    </div>
  );
}

function reason(
  blocked: Blocked,
  trans: { __: (text: string) => string }
): string {
  const reasons: Record<Blocked, string> = {
    sending: '',
    launched: '',
    fields: trans.__('A field holds what cannot be read.'),
    'no address': trans.__('An input has no address yet.'),
    planning: trans.__('Checking what you have changed.'),
    'no plan': trans.__('There is no plan: see above.'),
    checks: trans.__('A check says that this will fail.')
  };
  return reasons[blocked];
}

function Request(props: { plan: Plan }): JSX.Element {
  const { trans } = useSmext();
  const { name, operation, request } = props.plan;
  return (
    <details className="smext-Fold">
      <summary>{trans.__('The request: %1', operation)}</summary>
      <p className="smext-muted">{name}</p>
      <pre className="smext-Json" tabIndex={0}>
        {JSON.stringify(request, null, 2)}
      </pre>
    </details>
  );
}
