import { EMPTY, sharedCauses, withTables } from '../state';
import { problem, table, tables } from './samples';

describe('sharedCauses', () => {
  it('has what hides several kinds, and nothing that one call met alone', () => {
    const broken = (kind: string, cause: string | null) =>
      table({ kind, as_of: null, problem: problem({ cause }) });
    const state = withTables(
      EMPTY,
      tables({
        tables: [
          broken('a', 'Expired.'),
          broken('b', 'Expired.'),
          broken('c', 'No answer.'),
          broken('d', null),
          broken('e', null),
          table({ kind: 'f' })
        ]
      }),
      0,
      true
    );
    const found = [...sharedCauses(state)].map(([cause, of]) => [
      cause,
      of.map(each => each.kind)
    ]);
    expect(found).toEqual([['Expired.', ['a', 'b']]]);
  });
});
