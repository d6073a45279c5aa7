import * as React from 'react';
import type { Value } from '../format';
import { fullTime, value } from '../format';
import type { ItemDetail, KindInfo } from '../generated';
import { written } from '../launch/model/text-values';
import { CopyButton } from '../components/copy';
import { useNow, useSmext } from '../components/hooks';
import { cellOf } from '../rows';

/** What is known of an item, a line each: the table's columns, then the rest. */
export function Facts(props: {
  detail: ItemDetail;
  kind: KindInfo | undefined;
}): JSX.Element {
  const now = useNow(60_000);
  const { facts, row } = props.detail;
  const labels = new Set(facts.map(fact => fact.label));
  const columns = (props.kind?.columns ?? [])
    .filter(column => !labels.has(column.label))
    .map(column => ({ ...column, value: cellOf(row, column.name) }))
    .filter(column => column.value !== undefined && column.value !== null);
  return (
    <>
      <dl className="smext-Facts">
        {[...columns, ...facts].map(fact => (
          <React.Fragment key={fact.label}>
            <dt>{fact.label}</dt>
            <dd
              className={fact.format === 'code' ? 'smext-code' : 'smext-num'}
              title={
                fact.format === 'time' && typeof fact.value === 'string'
                  ? fullTime(fact.value)
                  : undefined
              }
            >
              {value(fact.value as Value, fact.format, now)}
            </dd>
          </React.Fragment>
        ))}
      </dl>
      {row.links.map(link => (
        <a
          key={link.url}
          className="smext-Link"
          href={link.url}
          target="_blank"
          rel="noopener noreferrer"
        >
          {link.label}
        </a>
      ))}
    </>
  );
}

export function Parameters(props: {
  parameters: Record<string, unknown>;
}): JSX.Element {
  return (
    <dl className="smext-Facts">
      {Object.entries(props.parameters).map(([name, given]) => (
        <React.Fragment key={name}>
          <dt>{name}</dt>
          <dd className="smext-code">{written(given)}</dd>
        </React.Fragment>
      ))}
    </dl>
  );
}

export function Json(props: { value: unknown }): JSX.Element {
  const { trans } = useSmext();
  const text = JSON.stringify(props.value, null, 2);
  return (
    <>
      <CopyButton text={() => text} label={trans.__('Copy the request')} />
      <pre className="smext-Json" tabIndex={0}>
        {text}
      </pre>
    </>
  );
}
