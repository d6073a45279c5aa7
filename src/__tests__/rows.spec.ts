import {
  accrued,
  cellOf,
  billingRows,
  counts,
  elapsed,
  filtered,
  firstLine,
  runsOf
} from '../rows';
import { ordered } from '../grid/order';
import type { State } from '../state';
import { EMPTY, withTables } from '../state';
import { billing, row, table, tables } from './samples';

function holding(...rows: ReturnType<typeof row>[]): State {
  return withTables(EMPTY, tables({ tables: [table({ rows })] }), 0, true);
}

describe('what bills now', () => {
  it('stands dearest first, with the unpriced last', () => {
    const state = holding(
      row({
        name: 'cheap',
        billing: billing({ certainty: 'billing', usd_per_hour: 0.1 })
      }),
      row({
        name: 'unpriced',
        billing: billing({ certainty: 'may be billing' })
      }),
      row({
        name: 'dear',
        billing: billing({ certainty: 'billing', usd_per_hour: 9 })
      }),
      row({
        name: 'stored',
        billing: billing({ certainty: 'storage only', usd_per_hour: 1 })
      }),
      row({ name: 'over' })
    );
    const names = billingRows(state).map(each => each.name);
    expect(names).toEqual(['dear', 'cheap', 'unpriced']);
  });
});

describe('the runs of a notebook', () => {
  const state = holding(
    row({
      name: 'old',
      notebook: 'a/n.ipynb',
      created: '2026-11-19T00:00:00Z'
    }),
    row({
      name: 'new',
      notebook: 'a/n.ipynb',
      created: '2026-11-20T00:00:00Z'
    }),
    row({ name: 'other', notebook: 'n.ipynb' })
  );

  it('are those of its path, newest first', () => {
    const names = runsOf(state, 'a/n.ipynb').map(each => each.name);
    expect(names).toEqual(['new', 'old']);
  });

  it('are shown too beside the copy that one of them wrote', () => {
    expect(runsOf(state, 'a/n-old.ipynb', 'old')).toHaveLength(2);
  });

  it('are none without a notebook', () => {
    expect(runsOf(state, null)).toEqual([]);
  });
});

describe('a filter', () => {
  const rows = [
    row({ name: 'churn-1', status: 'Failed', reason: 'KeyError' }),
    row({ name: 'churn-2', status: 'Completed' })
  ];

  it('takes rows that hold all its words, in any case', () => {
    expect(filtered(rows, 'CHURN keyerror')).toEqual([rows[0]]);
  });

  it('takes all when it is empty', () => {
    expect(filtered(rows, '  ')).toEqual(rows);
  });
});

describe('figures of a row', () => {
  const now = Date.parse('2026-11-20T12:00:00Z');

  it('count the time until the end, or until now', () => {
    expect(elapsed(row(), now)).toBe(7200);
    const ended = row({ active: false, ended: '2026-11-20T10:30:00Z' });
    expect(elapsed(ended, now)).toBe(1800);
    expect(elapsed(row({ created: null }), now)).toBeNull();
  });

  it('carry the cost on only while it surely bills', () => {
    const part = { accrued_usd: 1, usd_per_hour: 2 };
    const sure = row({ billing: billing({ certainty: 'billing', ...part }) });
    const perhaps = row({
      billing: billing({ certainty: 'may be billing', ...part })
    });
    expect(accrued(sure, '2026-11-20T11:00:00Z', now)).toBe(3);
    expect(accrued(perhaps, '2026-11-20T11:00:00Z', now)).toBe(1);
    expect(accrued(row(), '2026-11-20T11:00:00Z', now)).toBeNull();
  });

  it('count what is active of all', () => {
    const rows = [row(), row({ active: false })];
    expect(counts(rows)).toEqual({ active: 1, total: 2 });
  });
});

describe('a reason', () => {
  it('is said without its traceback', () => {
    expect(firstLine('cell 3: KeyError\n-----\nmore')).toBe('cell 3: KeyError');
    expect(firstLine('cell 3: KeyError ------------- more')).toBe(
      'cell 3: KeyError'
    );
  });
});

describe('rows in order', () => {
  const cells = (...given: (string | number | null)[]) =>
    given.map(x => row({ cells: { x } }));
  const shown = (rows: readonly ReturnType<typeof row>[]) =>
    rows.map(each => each.cells.x);

  it('go by numbers, or by text with its numbers', () => {
    const up = { column: 'x', descending: false };
    expect(shown(ordered(cells(10, 9, 2), up))).toEqual([2, 9, 10]);
    expect(shown(ordered(cells('job-10', 'Job-9'), up))).toEqual([
      'Job-9',
      'job-10'
    ]);
  });

  it('have what is unknown last, both ways', () => {
    for (const descending of [true, false]) {
      const rows = ordered(cells(null, 1, 2), { column: 'x', descending });
      expect(shown(rows)[2]).toBeNull();
    }
  });

  it('stay as they came where no order is asked for', () => {
    expect(shown(ordered(cells(2, 1), null))).toEqual([2, 1]);
  });
});

describe('a cell', () => {
  it('is the row’s own, else what every row has under that name', () => {
    const rate = billing({ usd_per_hour: 2 });
    const one = row({ name: 'n', billing: rate, cells: { status: 'own' } });
    expect(cellOf(one, 'status')).toBe('own');
    expect(cellOf(one, 'name')).toBe('n');
    expect(cellOf(one, 'usd_per_hour')).toBe(2);
    expect(cellOf(one, 'started')).toBeNull();
    expect(cellOf(one, 'actions')).toBeUndefined();
    expect(cellOf(one, 'unheard-of')).toBeUndefined();
  });
});
