import * as React from 'react';
import { age, instant, UNKNOWN } from '../format';
import type { KindInfo, Table } from '../generated';
import { useModelState, useNow, useSmext } from '../components/hooks';
import { ProblemNote, ProblemTag } from '../components/problem';
import { Unowned, useMine } from '../components/ownership';
import { counts, filtered, rowId } from '../rows';
import { RowList } from '../table/list';
import { RowItem } from '../table/row';
import { Commands } from '../tokens';
import { shown } from '../ownership';
import { Section } from './section';

/** From so many rows on there is a box to search them. */
const SEARCHED = 12;

/** Everything of one kind, or why it cannot be seen. */
export function KindSection(props: {
  kind: KindInfo;
  table: Table | undefined;
  /** Its problem stands above all kinds already. */
  said: boolean;
}): JSX.Element {
  const { kind, said, table } = props;
  return (
    <Section
      name={kind.name}
      title={kind.label}
      aside={<Aside table={table} />}
    >
      {() => <KindRows kind={kind} table={table} said={said} />}
    </Section>
  );
}

function Aside(props: { table: Table | undefined }): JSX.Element {
  const { trans } = useSmext();
  const { context } = useModelState();
  const mine = useMine();
  const { table } = props;
  if (!table || (table.as_of === null && !table.problem)) {
    const text = context?.problem ? UNKNOWN : trans.__('reading…');
    return <span className="smext-muted">{text}</span>;
  }
  if (table.as_of === null && table.problem) {
    return <ProblemTag problem={table.problem} />;
  }
  const { active, total } = counts(shown(table.rows, mine));
  const all = table.complete
    ? String(table.rows.length)
    : `${table.rows.length}+`;
  const words = trans.__('%1 active · %2', active, total);
  const text = mine
    ? trans.__('%1 of %2', total, all)
    : active > 0
      ? trans.__('%1 active · %2', active, all)
      : all;
  return (
    <>
      {table.problem && <Stale table={table} />}
      <span className="smext-num" title={words}>
        {text}
      </span>
    </>
  );
}

/** How old the rows are that could not be read anew, and why. */
function Stale(props: { table: Table }): JSX.Element {
  const { trans } = useSmext();
  const now = useNow(5000);
  const { as_of, problem } = props.table;
  const read = instant(as_of) ?? now;
  return (
    <span
      className="smext-Tag smext-mod-warn"
      title={`${problem?.message}\n${problem?.advice}`}
    >
      {trans.__('%1 old', age((now - read) / 1000))}
    </span>
  );
}

function KindRows(props: {
  kind: KindInfo;
  table: Table | undefined;
  said: boolean;
}): JSX.Element {
  const { commands, trans } = useSmext();
  const { kind, said, table } = props;
  const [filter, setFilter] = React.useState('');
  const mine = useMine();
  const rows = React.useMemo(
    () => filtered(shown(table?.rows ?? [], mine), filter),
    [table, filter, mine]
  );
  if (!table) {
    return <p className="smext-Empty">{trans.__('Reading…')}</p>;
  }
  const stale = table.problem !== null && table.as_of !== null;
  return (
    <>
      {table.problem && !said && (
        <ProblemNote problem={table.problem} level={stale ? 'warn' : 'bad'} />
      )}
      {table.rows.length > SEARCHED && (
        <input
          type="search"
          className="smext-Filter"
          placeholder={trans.__('Filter %1', kind.label)}
          aria-label={trans.__('Filter %1', kind.label)}
          value={filter}
          onChange={event => setFilter(event.target.value)}
        />
      )}
      {rows.length === 0 && table.as_of !== null && (
        <p className="smext-Empty">
          {filter
            ? trans.__('Nothing fits the filter.')
            : mine
              ? trans.__('None that surely is yours.')
              : trans.__('None.')}
        </p>
      )}
      <RowList
        count={rows.length}
        label={kind.label}
        idOf={index => rowId(rows[index])}
        render={index => (
          <RowItem
            row={rows[index]}
            kind={kind}
            variant="kind"
            asOf={table.as_of}
          />
        )}
      />
      <Unowned rows={table.rows} className="smext-Empty" />
      {table.left_out && (
        <p className="smext-Empty">
          {trans.__('Left out: %1.', table.left_out)}
        </p>
      )}
      {table.rows.length > 0 && (
        <button
          className="smext-Link"
          aria-label={trans.__('Show %1 as a table', kind.label)}
          onClick={() =>
            void commands.execute(Commands.showTable, { kind: kind.name })
          }
        >
          {trans.__('Show as a table')}
        </button>
      )}
    </>
  );
}
