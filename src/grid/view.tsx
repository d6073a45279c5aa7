import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import { fullTime, value } from '../format';
import type { Column, KindInfo, Row, Table } from '../generated';
import { useModelState, useNow, useSmext } from '../components/hooks';
import { ProblemNote } from '../components/problem';
import { Unowned, useMine, WhoseSwitch } from '../components/ownership';
import { cellOf, filtered } from '../rows';
import { findKind } from '../state';
import { openRowMenu } from '../table/menu';
import { Dot, whence } from '../table/row';
import { Commands } from '../tokens';
import { shown } from '../ownership';
import type { Order } from './order';
import { ordered } from './order';

const ROW_HEIGHT = 26;
/** Least widths in px. */
const NAME_WIDTH = 170;
const WIDTHS: { [format: string]: number } = {
  code: 110,
  text: 110,
  time: 92
};
const GAP = 12;
/** Formats whose figures stand under one another. */
const RIGHT = new Set<Column['format']>([
  'money',
  'rate',
  'duration',
  'bytes',
  'count'
]);

/** A kind's table: its columns, in the order that is clicked, and a filter. */
export function GridView(props: { kind: string }): JSX.Element {
  const { trans } = useSmext();
  const state = useModelState();
  const kind = findKind(state, props.kind);
  const table = state.tables.get(props.kind);
  if (!kind || !table) {
    return (
      <div className="smext-Page">
        <p className="smext-muted">{trans.__('Reading…')}</p>
      </div>
    );
  }
  return <Grid kind={kind} table={table} />;
}

function Grid(props: { kind: KindInfo; table: Table }): JSX.Element {
  const { trans } = useSmext();
  const { kind, table } = props;
  const [filter, setFilter] = React.useState('');
  const mine = useMine();
  const [order, setOrder] = React.useState<Order | null>(null);
  const rows = React.useMemo(
    () => ordered(filtered(shown(table.rows, mine), filter), order),
    [table, filter, mine, order]
  );
  return (
    <div className="smext-Page smext-Page-item">
      <div className="smext-Log-bar">
        <h1>{kind.label}</h1>
        <WhoseSwitch rows={table.rows} />
        <input
          type="search"
          className="smext-Filter"
          aria-label={trans.__('Filter the table')}
          placeholder={trans.__('Filter %1', kind.label)}
          value={filter}
          onChange={event => setFilter(event.target.value)}
        />
        <span className="smext-muted smext-num" role="status">
          {trans.__('%1 of %2', rows.length, table.rows.length)}
          {table.left_out && `, ${trans.__('%1 left out', table.left_out)}`}
        </span>
        <Unowned rows={table.rows} className="smext-muted" />
      </div>
      {table.problem && <ProblemNote problem={table.problem} level="warn" />}
      <Rows kind={kind} rows={rows} order={order} onOrder={setOrder} />
    </div>
  );
}

function Rows(props: {
  kind: KindInfo;
  rows: readonly Row[];
  order: Order | null;
  onOrder: (order: Order) => void;
}): JSX.Element {
  const { kind, rows } = props;
  const box = React.useRef<HTMLDivElement>(null);
  const now = useNow(60_000);
  const virtual = useVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getScrollElement: () => box.current,
    overscan: 15
  });
  const widths = kind.columns.map(({ format }, index) =>
    index === 0 ? NAME_WIDTH : (WIDTHS[format] ?? 70)
  );
  return (
    <div
      ref={box}
      className="smext-Grid"
      role="table"
      aria-label={kind.label}
      aria-rowcount={rows.length + 1}
      style={
        {
          '--smext-columns': widths.map(fitting).join(' '),
          '--smext-width': `${widths.reduce((sum, w) => sum + w + GAP, GAP)}px`
        } as React.CSSProperties
      }
    >
      <div role="row" className="smext-Grid-head">
        {kind.columns.map(column => (
          <Header key={column.name} column={column} {...props} />
        ))}
      </div>
      <div
        role="rowgroup"
        className="smext-Grid-body"
        style={{ height: virtual.getTotalSize() }}
      >
        {virtual.getVirtualItems().map(item => (
          <GridRow
            key={item.key}
            row={rows[item.index]}
            index={item.index}
            top={item.start}
            columns={kind.columns}
            now={now}
          />
        ))}
      </div>
    </div>
  );
}

/** Wider in proportion where there is room: the same in every row, whatever is in it. */
function fitting(width: number): string {
  return `minmax(${width}px, ${width}fr)`;
}

function Header(props: {
  column: Column;
  order: Order | null;
  onOrder: (order: Order) => void;
}): JSX.Element {
  const { column, order } = props;
  const chosen = order?.column === column.name;
  const down = chosen && order.descending;
  return (
    <div
      role="columnheader"
      aria-sort={chosen ? (down ? 'descending' : 'ascending') : 'none'}
      data-right={RIGHT.has(column.format)}
    >
      <button
        title={column.label}
        onClick={() =>
          props.onOrder({ column: column.name, descending: chosen && !down })
        }
      >
        {column.label}
        {chosen ? (down ? ' ▾' : ' ▴') : ''}
      </button>
    </div>
  );
}

function GridRow(props: {
  row: Row;
  index: number;
  top: number;
  columns: readonly Column[];
  now: number;
}): JSX.Element {
  const smext = useSmext();
  const { columns, index, now, row, top } = props;
  const { key, kind, name } = row;
  const show = () =>
    void smext.commands.execute(Commands.showItem, { kind, key, name });
  const onMenu = (event: React.MouseEvent) => {
    event.preventDefault();
    event.stopPropagation();
    openRowMenu(smext, row, event.clientX, event.clientY);
  };
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className="smext-Grid-row"
      style={{ transform: `translateY(${top}px)` }}
      onContextMenu={onMenu}
    >
      {columns.map((column, at) => {
        const given = cellOf(row, column.name);
        const text = value(given, column.format, now);
        const whole =
          column.format === 'time' && typeof given === 'string'
            ? fullTime(given)
            : column.format === 'rate'
              ? [text, whence(row, smext.trans)].filter(Boolean).join('\n')
              : text;
        return (
          <div
            key={column.name}
            role="cell"
            data-right={RIGHT.has(column.format)}
            title={whole}
          >
            {at === 0 ? (
              <>
                <Dot row={row} />{' '}
                <button className="smext-Row-name" onClick={show}>
                  {text}
                </button>
              </>
            ) : (
              text
            )}
          </div>
        );
      })}
    </div>
  );
}
