/* eslint-disable jupyter/no-untranslated-string -- no text for people */
import type { Row } from '../../generated';
import { chosen, stopAll } from '../../stopping/selection';
import { problem, row } from '../samples';
import { TinyServer } from '../server';

const stop = {
  name: 'stop',
  label: 'Stop',
  danger: true,
  lost: '',
  stays: '',
  ask_twice: false
};

const thing = (key: string, part: Partial<Row> = {}) =>
  row({ key, name: key, actions: [stop], ...part });

describe('what is stopped together', () => {
  it('leaves out this machine, what is kept and what has no end, each with its reason', () => {
    const rows = [
      thing('a'),
      thing('here', { here: true }),
      thing('this too', { actions: [{ ...stop, ask_twice: true }] }),
      thing('kept'),
      thing('done', { actions: [] }),
      thing('harmless', { actions: [{ ...stop, danger: false }] })
    ];
    const { items, leftOut } = chosen(rows, [{ kind: 'gadget', key: 'kept' }]);
    expect(items.map(({ row: { name } }) => name)).toEqual(['a']);
    expect(leftOut.map(({ row: { name }, why }) => [name, why])).toEqual([
      ['here', 'this machine'],
      ['this too', 'asks twice'],
      ['kept', 'kept'],
      ['done', 'no action'],
      ['harmless', 'no action']
    ]);
  });

  it('goes on after one that fails, and tells what came of each', async () => {
    const server = new TinyServer();
    const names = ['a', 'b', 'c', 'd', 'e'];
    names.forEach(name =>
      server.on(`kinds/gadget/items/${name}/actions/stop`, () =>
        name === 'b'
          ? { status: 403, body: { problem: problem(), message: '' } }
          : { body: { message: `Stopping ${name}` } }
      )
    );
    const { items } = chosen(
      names.map(name => thing(name)),
      []
    );
    const progress: number[] = [];
    const outcomes = await stopAll(server.api(), items, n => progress.push(n));
    expect(progress).toEqual([1, 2, 3, 4, 5]);
    expect(outcomes.map(({ message }) => message)).toEqual([
      'Stopping a',
      '',
      'Stopping c',
      'Stopping d',
      'Stopping e'
    ]);
    expect(outcomes[1].problem?.code).toBe('denied');
    expect(server.asked.map(({ body }) => body)).toEqual(
      names.map(() => ({ confirmed: true, confirmed_twice: false }))
    );
  });
});
