import * as React from 'react';
import { act } from '../stopping/action';
import { age, instant, money, rate, value } from '../format';
import type { KindInfo, Row } from '../generated';
import { Cost, Elapsed, Line, Moment } from '../components/figures';
import { useNow, useSmext } from '../components/hooks';
import { bills, cellOf, firstLine } from '../rows';
import type { ISmext } from '../tokens';
import { Commands } from '../tokens';
import { openRowMenu } from './menu';

/** What a list is about, and so what its rows need not say. */
export type Variant = 'billing' | 'kind' | 'run';

interface IRowProps {
  row: Row;
  kind?: KindInfo;
  variant: Variant;
  asOf: string | null;
}

/** A row in two lines: name and money; then what it is, for how long, and tags. */
export const RowItem = React.memo((props: IRowProps): JSX.Element => {
  const smext = useSmext();
  const { row } = props;
  const onMenu = (event: React.MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    openRowMenu(smext, row, ...pointOf(event));
  };
  return (
    <div className="smext-Row" data-tone={row.tone} onContextMenu={onMenu}>
      <Dot row={row} />
      <div className="smext-Row-line">
        <button
          className="smext-Row-name"
          title={tooltip(props)}
          onClick={() => show(smext, row)}
        >
          {row.name}
        </button>
        {row.here && (
          <span className="smext-Tag smext-mod-here">
            {smext.trans.__('you are here')}
          </span>
        )}
        <span className="smext-Row-money">
          <Money {...props} />
        </span>
      </div>
      <div className="smext-Row-line">
        <Second {...props} />
        <Tags row={row} />
      </div>
      <Progress row={row} />
      <Actions {...props} />
    </div>
  );
});
RowItem.displayName = 'RowItem';

/** The status as a colour, and in words for who cannot see it. */
export function Dot(props: { row: Row }): JSX.Element {
  const status = statusText(props.row);
  return (
    <span
      className="smext-Dot"
      data-tone={props.row.tone}
      role="img"
      aria-label={status}
      title={status}
    />
  );
}

export function statusText(row: Row): string {
  return row.detail_status && row.detail_status !== row.status
    ? `${row.status} (${row.detail_status})`
    : row.status;
}

function Money(props: IRowProps): JSX.Element {
  const { trans } = useSmext();
  const { asOf, row, variant } = props;
  if (variant === 'run') {
    return (
      <Line
        pieces={[
          <Elapsed key="age" row={row} />,
          row.billing.accrued_usd === null ? null : (
            <Cost key="cost" row={row} asOf={asOf} />
          )
        ]}
      />
    );
  }
  if (!bills(row)) {
    const { usd_per_month } = row.billing;
    return usd_per_month === null ? (
      <Cost row={row} asOf={asOf} />
    ) : (
      <span className="smext-muted smext-num" title={whence(row, trans)}>
        {trans.__('%1/month', money(usd_per_month))}
      </span>
    );
  }
  const { usd_per_hour } = row.billing;
  return (
    <span
      className={usd_per_hour === null ? 'smext-muted' : 'smext-num'}
      title={whence(row, trans)}
    >
      {usd_per_hour === null ? trans.__('no price') : rate(usd_per_hour)}
    </span>
  );
}

/** Why it bills, and where its price comes from and of when that is. */
export function whence(row: Row, trans: ISmext['trans']): string {
  const { price, why } = row.billing;
  const source = !price
    ? ''
    : DATED.test(price.as_of)
      ? trans.__('Price: %1, as of %2', price.source, price.as_of)
      : trans.__('Price: %1, of a date that is not known', price.source);
  return [why, source].filter(Boolean).join('\n');
}

/** A price's date, or month. */
const DATED = /^\d{4}-/;

/** What it is, as far as there is room; and what is never cut: time and money. */
function Second(props: IRowProps): JSX.Element {
  const { asOf, kind, row, variant } = props;
  const status = row.reason
    ? `${statusText(row)}: ${firstLine(row.reason)}`
    : statusText(row);
  const billing = variant === 'billing';
  const tagged = row.idle || row.billing.certainty === 'may be billing';
  const what = billing
    ? [kind?.singular ?? row.kind, row.subtitle]
    : variant === 'run'
      ? [status, progressText(row)]
      : [status, row.subtitle];
  const cost = billing && row.billing.accrued_usd !== null && (
    <Cost key="cost" row={row} asOf={asOf} />
  );
  const figures: Record<Variant, React.ReactNode[]> = {
    // A tag says more than an age, where there is no room for both.
    billing: [!tagged && <Elapsed key="age" row={row} />, cost],
    kind: [<When key="when" row={row} />],
    run: []
  };
  return (
    <>
      <span
        className="smext-Row-second"
        title={[status, row.subtitle, row.progress?.label]
          .filter(Boolean)
          .join('\n')}
      >
        {what.filter(Boolean).join(' · ')}
      </span>
      <Line className="smext-Row-figures" pieces={figures[variant]} />
    </>
  );
}

/** The age of what goes on; the date of what is over. */
function When(props: { row: Row }): JSX.Element {
  const { row } = props;
  const at = row.ended ?? row.created;
  return row.active || at === null ? <Elapsed row={row} /> : <Moment at={at} />;
}

function Tags(props: { row: Row }): JSX.Element {
  const { trans } = useSmext();
  const { billing, idle } = props.row;
  return (
    <>
      {billing.certainty === 'may be billing' && (
        <span className="smext-Tag smext-mod-warn" title={billing.why}>
          {trans.__('may be billing')}
        </span>
      )}
      {billing.certainty === 'storage only' && (
        <span className="smext-Tag" title={billing.why}>
          {trans.__('storage only')}
        </span>
      )}
      {idle && <IdleTag signal={idle.signal} since={idle.since} />}
    </>
  );
}

function IdleTag(props: { signal: string; since: string | null }): JSX.Element {
  const { trans } = useSmext();
  const now = useNow(60_000);
  const since = instant(props.since);
  return (
    <span className="smext-Tag smext-mod-warn" title={props.signal}>
      {since === null
        ? trans.__('idle')
        : trans.__('idle %1', age((now - since) / 1000))}
    </span>
  );
}

function Progress(props: { row: Row }): JSX.Element {
  const { trans } = useSmext();
  const { active, progress } = props.row;
  if (!progress || !active || progress.total === 0) {
    return <></>;
  }
  return (
    <div
      className="smext-Progress"
      role="progressbar"
      aria-label={trans.__('Cells done')}
      aria-valuenow={progress.done}
      aria-valuemax={progress.total}
      title={progressText(props.row)}
    >
      <i style={{ width: `${(100 * progress.done) / progress.total}%` }} />
    </div>
  );
}

function Actions(props: IRowProps): JSX.Element {
  const smext = useSmext();
  const { row } = props;
  const { trans } = smext;
  return (
    <div className="smext-Row-actions">
      {props.variant === 'run' && (
        <button
          className="smext-Button"
          aria-label={trans.__('Open the notebook of %1', row.name)}
          onClick={() => openNotebook(smext, row)}
        >
          {trans.__('Open notebook')}
        </button>
      )}
      {row.actions.map(action => (
        <button
          key={action.name}
          className="smext-Button"
          aria-label={`${action.label} ${row.name}`}
          onClick={() => void act(smext, row, action)}
        >
          {action.label}…
        </button>
      ))}
      <button
        className="smext-Button"
        aria-label={trans.__('More about %1', row.name)}
        aria-haspopup="menu"
        onClick={event => openRowMenu(smext, row, ...pointOf(event))}
      >
        ⋯
      </button>
    </div>
  );
}

function progressText(row: Row): string {
  const { progress } = row;
  if (!progress) {
    return '';
  }
  const cells = `${progress.done}/${progress.total}`;
  return progress.label ? `${cells} · ${progress.label}` : cells;
}

function show(smext: ISmext, { kind, key, name }: Row): void {
  void smext.commands.execute(Commands.showItem, { kind, key, name });
}

function openNotebook(smext: ISmext, { kind, key }: Row): void {
  void smext.commands.execute(Commands.openNotebook, { kind, key });
}

/** Everything the server said of the row, a line each. */
function tooltip({ kind, row }: IRowProps): string {
  const lines = (kind?.columns ?? []).map(column => {
    const text = value(cellOf(row, column.name), column.format, Date.now());
    return `${column.label}: ${text}`;
  });
  return [row.name, ...(lines.length > 0 ? lines : [statusText(row)])].join(
    '\n'
  );
}

/** Where a menu opens; the keyboard has no pointer. */
function pointOf(event: React.MouseEvent): [number, number] {
  if (event.clientX !== 0 || event.clientY !== 0) {
    return [event.clientX, event.clientY];
  }
  const box = event.currentTarget.getBoundingClientRect();
  return [box.left, box.bottom];
}
