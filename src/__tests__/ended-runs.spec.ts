import { claim } from '../alerts/tab-claim';
import { EndWatch } from '../ended-runs';
import type { Row } from '../generated';
import { rowId } from '../rows';
import { EMPTY, withTables } from '../state';
import { row, table, tables } from './samples';

const state = (...rows: Row[]) =>
  withTables(EMPTY, tables({ tables: [table({ rows })] }), 0, true);

const mine = row({ notebook: 'n.ipynb', mine: true });
const over = { active: false, ended: '2026-11-20T11:00:00Z' };

describe('EndWatch', () => {
  it('finds my run that ends, once', () => {
    const watch = new EndWatch();
    expect(watch.next(state(mine))).toEqual([]);
    expect(watch.next(state({ ...mine, ...over }))).toHaveLength(1);
    expect(watch.next(state({ ...mine, ...over }))).toEqual([]);
  });

  it('says nothing of what was over before', () => {
    expect(new EndWatch().next(state({ ...mine, ...over }))).toEqual([]);
  });

  it('says nothing of what others run', () => {
    const watch = new EndWatch();
    const theirs = { ...mine, mine: false };
    watch.next(state(theirs));
    expect(watch.next(state({ ...theirs, ...over }))).toEqual([]);
  });

  it('finds what was launched here and ended while the page was shut', () => {
    const before = new EndWatch();
    before.launched(rowId(mine));
    const after = new EndWatch(before.awaited);
    const unknown = row({ ...over, mine: null });
    expect(after.next(state(unknown))).toEqual([unknown]);
    expect(after.awaited).toEqual([]);
  });
});

describe('a claim', () => {
  beforeEach(() => localStorage.clear());

  it('is won once', async () => {
    expect(await claim('x')).toBe(true);
    expect(await claim('x')).toBe(false);
    expect(await claim('y')).toBe(true);
  });

  it('is forgotten after a day', async () => {
    await claim('x');
    const key = Object.keys(localStorage)[0];
    localStorage.setItem(key, String(Date.now() - 25 * 3_600_000));
    expect(await claim('x')).toBe(true);
  });
});
