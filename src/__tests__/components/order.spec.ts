import { asShown } from '../../components/order';

const self = (id: string) => id;

describe('asShown', () => {
  it('keeps rows where they were, whatever their new order', () => {
    expect(asShown(['c', 'a', 'b'], ['a', 'b', 'c'], self)).toEqual([
      'a',
      'b',
      'c'
    ]);
  });

  it('puts new rows last, in their own order', () => {
    expect(asShown(['y', 'a', 'x', 'b'], ['b', 'a'], self)).toEqual([
      'b',
      'a',
      'y',
      'x'
    ]);
  });

  it('leaves out what is gone', () => {
    expect(asShown(['b'], ['a', 'b'], self)).toEqual(['b']);
  });
});
