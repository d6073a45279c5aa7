import {
  bounded,
  dollars,
  hoursAndMinutes,
  lines,
  listed,
  packageList,
  read,
  runtime,
  separated,
  written
} from '../../../launch/model/text-values';
import type { Parameter } from '../../../generated';

function parameter(type: Parameter['type'], more = {}): Parameter {
  const plain = {
    name: 'x',
    default: 'd',
    text: 'd',
    choices: [],
    optional: false,
    comment: ''
  };
  return { ...plain, type, ...more };
}

describe('what is typed for a parameter', () => {
  it.each([
    ['int', ' 6 '],
    ['int', '-3'],
    ['int', '9007199254740993'],
    ['int', '1_000'],
    ['int', '0.5'],
    ['float', '1e-3'],
    ['float', '1.0'],
    ['float', 'nan'],
    ['float', '-inf'],
    ['str', ' a b '],
    ['str', ''],
    ['json', '{"10": 1, "2": 1.0}'],
    ['json', "{'a': None}"],
    ['expression', 'my-bucket']
  ] as const)('%s %j is sent as it was typed', (type, text) => {
    expect(read(parameter(type), text)).toEqual({ ok: true, value: text });
  });

  it.each([
    ['int', ''],
    ['int', 'six'],
    ['float', ' '],
    ['float', '1,5']
  ] as const)('%s %j cannot be read', (type, text) => {
    expect(read(parameter(type), text).ok).toBe(false);
  });

  it('is nothing where it is what the notebook has', () => {
    expect(read(parameter('int', { text: '6' }), '6')).toEqual({
      ok: true,
      value: null
    });
    expect(read(parameter('expression', { text: null }), '')).toEqual({
      ok: true,
      value: null
    });
  });

  it('may be None where that is said', () => {
    const most = parameter('int', { text: '5', optional: true });
    expect(read(most, 'None')).toEqual({ ok: true, value: 'None' });
  });

  it('is shown as it is set', () => {
    expect(written('a b')).toBe('a b');
    expect(written([1, 2])).toBe('[1,2]');
    expect(written(null)).toBe('null');
    expect(written({ $literal: '9007199254740993' })).toBe('9007199254740993');
    expect(written({ $literal: "' a '" })).toBe(' a ');
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
