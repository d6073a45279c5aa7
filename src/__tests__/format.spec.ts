import {
  age,
  bytes,
  clock,
  duration,
  instant,
  money,
  rate,
  time,
  UNKNOWN,
  value
} from '../format';

describe('money', () => {
  it.each([
    [0, '$0.00'],
    [0.0001, '<$0.001'],
    [0.004, '$0.004'],
    [0.024, '$0.02'],
    [1.234, '$1.23'],
    [107.4, '$107'],
    [1234567, '$1,234,567'],
    [-2, '-$2.00']
  ])('%d is %s', (usd, text) => expect(money(usd)).toBe(text));
});

describe('rate', () => {
  it.each([
    [1.52, '$1.52/h'],
    [0, '$0.00/h'],
    [0.004, '$0.004/h'],
    [1234.5, '$1,234.50/h']
  ])('%d is %s', (usd, text) => expect(rate(usd)).toBe(text));
});

describe('in a browser of another language', () => {
  const Usual = Intl.NumberFormat;

  beforeEach(() => {
    jest
      .spyOn(Intl, 'NumberFormat')
      .mockImplementation((_, options) => new Usual('de-DE', options));
  });

  afterEach(() => jest.restoreAllMocks());

  it('writes numbers and money as people there do', async () => {
    await jest.isolateModulesAsync(async () => {
      const there = await import('../format');
      expect(there.money(1234567)).toBe('1.234.567\u00a0$');
      expect(there.rate(1.5)).toBe('1,50\u00a0$/h');
      expect(there.bytes(1234)).toBe('1,2 kB');
      expect(there.value(1234, 'count', 0)).toBe('1.234');
    });
  });
});

describe('age', () => {
  it.each([
    [-5, '0 s'],
    [59.9, '59 s'],
    [372, '6 min'],
    [3600, '1 h'],
    [2 * 3600 + 300, '2 h 5 min'],
    [9 * 3600 + 300, '9 h'],
    [76 * 3600 + 1, '3 d 4 h'],
    [41.5 * 86400, '41 d']
  ])('%d s is %s', (seconds, text) => expect(age(seconds)).toBe(text));
});

describe('duration', () => {
  it.each([
    [0.41, '0.4 s'],
    [9, '9 s'],
    [372, '6 min 12 s'],
    [3720, '1 h 2 min']
  ])('%d s is %s', (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe('clock', () => {
  it.each([
    [7, '0:07'],
    [127, '2:07'],
    [3727, '1:02:07']
  ])('%d s is %s', (seconds, text) => expect(clock(seconds)).toBe(text));
});

describe('bytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [4200000, '4.2 MB'],
    [83400, '83 kB'],
    [999999, '1.0 MB']
  ])('%d is %s', (count, text) => expect(bytes(count)).toBe(text));
});

describe('time', () => {
  const now = new Date(2026, 10, 20, 12, 0).getTime();
  const local = (...parts: [number, number, number, number]) =>
    new Date(...parts).toISOString();

  it('leaves out the day that is today', () => {
    expect(time(local(2026, 10, 20, 10), now)).toMatch(/^10[.:]00$/);
  });

  it('says the year when it is another', () => {
    expect(time(local(2025, 10, 20, 10), now)).toContain('2025');
    expect(time(local(2026, 9, 1, 10), now)).not.toContain('2026');
  });

  it('shows what is no time as it is', () => {
    expect(time('soon', now)).toBe('soon');
    expect(instant('soon')).toBeNull();
  });
});

describe('a value of any format', () => {
  it('is drawn by its format', () => {
    expect(value(1.5, 'rate', 0)).toBe('$1.50/h');
    expect(value(12345, 'count', 0)).toBe('12,345');
    expect(value(true, 'text', 0)).toBe('✓');
  });

  it('is plain text where it does not fit, or the format is not known', () => {
    expect(value('many', 'money', 0)).toBe('many');
    expect(value(3, 'furlongs' as 'text', 0)).toBe('3');
  });

  it('is a dash where nothing is known, never a zero', () => {
    expect(value(null, 'money', 0)).toBe(UNKNOWN);
    expect(value(undefined, 'count', 0)).toBe(UNKNOWN);
  });
});
