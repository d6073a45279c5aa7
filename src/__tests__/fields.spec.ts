import {
  bounded,
  dollars,
  hoursAndMinutes,
  initialParameters,
  lines,
  listed,
  packageList,
  read,
  runtime,
  separated,
  written
} from '../launch/fields';
import type { Parameter } from '../generated';
import { defaults } from './samples';

describe('what is typed for a parameter', () => {
  it.each([
    ['int', ' 6 ', 6],
    ['int', '-3', -3],
    ['float', '1e-3', 0.001],
    ['bool', 'true', true],
    ['str', ' a b ', ' a b '],
    ['json', '{"a": [1]}', { a: [1] }],
    ['expression', 'date.today()', 'date.today()']
  ] as const)('%s %j is %j', (type, text, value) => {
    expect(read(type, text)).toEqual({ ok: true, value });
  });

  it.each([
    ['int', '6.5'],
    ['int', ''],
    ['int', '99999999999999999999'],
    ['float', 'NaN'],
    ['float', ' '],
    ['json', '{a: 1}']
  ] as const)('%s %j cannot be read', (type, text) => {
    expect(read(type, text).ok).toBe(false);
  });

  it('is written so that it can be read again', () => {
    const value = { deep: ['x'.repeat(40), 'y'.repeat(40)] };
    expect(read('json', written('json', value))).toEqual({ ok: true, value });
    expect(written('json', [1, 2])).toBe('[1,2]');
    expect(written('str', null)).toBe('');
  });
});

describe('numbers of the form', () => {
  it('keep within their bounds', () => {
    expect(bounded('100', 1, 100).ok).toBe(true);
    expect(bounded('101', 1, 100).ok).toBe(false);
    expect(bounded('0', 1, 100).ok).toBe(false);
  });

  it('take hours and minutes for seconds', () => {
    expect(runtime('1', '30')).toEqual({ ok: true, value: 5400 });
    expect(runtime('', '5')).toEqual({ ok: true, value: 300 });
    expect(runtime('0', '0').ok).toBe(false);
    expect(runtime('1', '75').ok).toBe(false);
    expect(runtime('x', '0').ok).toBe(false);
  });
});

describe('an amount of money', () => {
  it('is USD, with or without a sign', () => {
    expect(dollars(' $5')).toEqual({ ok: true, value: 5 });
    expect(dollars('0.50')).toEqual({ ok: true, value: 0.5 });
    expect(dollars('0').ok).toBe(false);
    expect(dollars('-1').ok).toBe(false);
    expect(dollars('').ok).toBe(false);
    expect(dollars('5 USD').ok).toBe(false);
  });
});

describe('a time', () => {
  it('is written as hours and minutes that are less than an hour', () => {
    expect(hoursAndMinutes(5400)).toEqual(['1', '30']);
    expect(hoursAndMinutes(3599)).toEqual(['1', '0']);
  });
});

describe('ids in a field', () => {
  it('stand between commas, blanks and lines', () => {
    expect(separated('subnet-1, subnet-2\n\nsubnet-3 ')).toEqual([
      'subnet-1',
      'subnet-2',
      'subnet-3'
    ]);
  });
});

describe('parameters as the form opens', () => {
  it('are all there, those of the form before those of the cell', () => {
    const lr = { name: 'lr', type: 'float', value: 0.1, comment: '' };
    const depth = { name: 'depth', type: 'int', value: 6, comment: '' };
    const { form } = defaults();
    const given = { ...form, parameters: { lr: 0.5 } };
    const cell = [lr, depth] as unknown as Parameter[];
    expect(initialParameters(given, cell)).toEqual({ lr: 0.5, depth: 6 });
  });
});

describe('a list in a field', () => {
  it('is a line each, without blanks and empty ones', () => {
    expect(lines(' pandas==2.0 \n\n  ../lib/*.py\n')).toEqual([
      'pandas==2.0',
      '../lib/*.py'
    ]);
    expect(lines(listed(['a', 'b']))).toEqual(['a', 'b']);
  });

  it('begins with the packages that a plan has found, but for those of this machine', () => {
    const found = [
      'pandas==2.0.1',
      'uvicorn[standard]>=0.30',
      'tool @ git+https://example.com/tool',
      'plain',
      'mylib (/home/me/mylib)'
    ].map(requirement => ({ requirement, why: '', source: '' }));
    expect(packageList(found)).toEqual(
      found.slice(0, 4).map(each => each.requirement)
    );
  });
});
