import { refreshIcon } from '@jupyterlab/ui-components';
import * as React from 'react';
import type { Context } from '../generated';
import { useModelState, useSmext } from '../components/hooks';

/** Where this is, as whom, and which account is looked at. */
export function Head(): JSX.Element {
  const { model, trans } = useSmext();
  const { context } = useModelState();
  return (
    <header className="smext-Head">
      <div className="smext-Head-line">
        <h2 className="smext-Cap">{trans.__('SageMaker')}</h2>
        {context?.endpoint_label && (
          <span
            className="smext-Tag smext-mod-here"
            title={context.endpoint ?? undefined}
          >
            {context.endpoint_label}
          </span>
        )}
        {context?.read_only && (
          <span className="smext-Tag">{trans.__('read only')}</span>
        )}
        <button
          className="smext-IconButton"
          title={trans.__('Read everything anew')}
          aria-label={trans.__('Refresh')}
          aria-busy={model.refreshing}
          onClick={() => void model.refresh()}
        >
          <refreshIcon.react tag="span" />
        </button>
      </div>
      {context && <Where context={context} />}
    </header>
  );
}

function Where(props: { context: Context }): JSX.Element {
  const { context } = props;
  const role = context.role?.split('/').pop() ?? '';
  const who = context.identity_label || role;
  return (
    <>
      <div className="smext-Head-line">
        {context.targets.length > 1 ? (
          <TargetSwitch context={context} />
        ) : (
          <span className="smext-Head-account smext-num">
            {place(context) || context.target.label}
          </span>
        )}
      </div>
      <div
        className="smext-Head-who"
        title={[context.place_label, context.identity, context.role]
          .filter(Boolean)
          .join('\n')}
      >
        {[context.place_label, who].filter(Boolean).join(' · ')}
      </div>
    </>
  );
}

function TargetSwitch(props: { context: Context }): JSX.Element {
  const { model, trans } = useSmext();
  const { target, targets } = props.context;
  return (
    <select
      className="smext-Select"
      aria-label={trans.__('Account and region')}
      value={target.id}
      onChange={event => model.setTarget(event.target.value)}
    >
      {targets.map(each => (
        <option key={each.id} value={each.id}>
          {each.id === target.id
            ? `${place(props.context)} (${each.label})`
            : each.label}
        </option>
      ))}
    </select>
  );
}

/** Account, as AWS writes it in its console, and region. */
function place({ account, region }: Context): string {
  const digits = account?.replace(/^(\d{4})(\d{4})(\d{4})$/, '$1-$2-$3');
  return [digits, region].filter(Boolean).join(' · ');
}
