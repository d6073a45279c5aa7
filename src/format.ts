import type { Column } from './generated';

/** A value as it comes in a cell or a fact. */
export type Value = string | number | boolean | null | undefined;

/** What is drawn where nothing is known. */
export const UNKNOWN = '–';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** USD, as many places as it takes to tell it from zero. */
export function money(usd: number): string {
  const size = Math.abs(usd);
  if (size >= 99.995) {
    return dollars(usd, 0);
  }
  if (size >= 0.01 || size === 0) {
    return dollars(usd, 2);
  }
  return size < 0.0005
    ? `${usd < 0 ? '-' : ''}<${dollars(0.001, 3)}`
    : dollars(usd, 3);
}

/** USD per hour; always to the cent, for rates are compared. */
export function rate(usdPerHour: number | null): string {
  if (usdPerHour === null) {
    return UNKNOWN;
  }
  if (usdPerHour > 0 && usdPerHour < 0.01) {
    return `${money(usdPerHour)}/h`;
  }
  return `${dollars(usdPerHour, 2)}/h`;
}

/** Seconds in the two largest units that matter: `3 d 4 h`, `6 min`. */
export function age(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  if (s < MINUTE) {
    return `${s} s`;
  }
  if (s < HOUR) {
    return `${Math.floor(s / MINUTE)} min`;
  }
  if (s < 6 * HOUR) {
    return pair(s, HOUR, 'h', MINUTE, 'min');
  }
  if (s < DAY) {
    return `${Math.floor(s / HOUR)} h`;
  }
  return s < 30 * DAY
    ? pair(s, DAY, 'd', HOUR, 'h')
    : `${Math.floor(s / DAY)} d`;
}

/** Seconds to the second: `6 min 12 s`; below ten seconds to a tenth. */
export function duration(seconds: number): string {
  const s = Math.max(0, seconds);
  if (s < 10 && !Number.isInteger(s)) {
    return `${number(s, 1)} s`;
  }
  const whole = Math.floor(s);
  if (whole < MINUTE) {
    return `${whole} s`;
  }
  if (whole < HOUR) {
    return pair(whole, MINUTE, 'min', 1, 's');
  }
  return whole < DAY ? pair(whole, HOUR, 'h', MINUTE, 'min') : age(whole);
}

/** Seconds as a running clock shows them: `2:07`. */
export function clock(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const rest = `${two(Math.floor((s % HOUR) / MINUTE))}:${two(s % MINUTE)}`;
  return s < HOUR ? rest.replace(/^0/, '') : `${Math.floor(s / HOUR)}:${rest}`;
}

/** Bytes in decimal units. */
export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let size = count;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const places = unit > 0 && size < 9.95 ? 1 : 0;
  return `${number(size, places)} ${units[unit]}`;
}

/** An instant in local time, as short as can be told from `now` (both ms). */
export function time(iso: string, now: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) {
    return iso;
  }
  const today = new Date(now);
  const hours = at.toLocaleTimeString(undefined, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
  if (at.toDateString() === today.toDateString()) {
    return hours;
  }
  const sameYear = at.getFullYear() === today.getFullYear();
  const day = at.toLocaleDateString(undefined, {
    day: 'numeric',
    month: 'short',
    ...(sameYear ? {} : { year: 'numeric' })
  });
  return `${day} ${hours}`;
}

/** An instant in full, local and UTC, for a tooltip. */
export function fullTime(iso: string): string {
  const at = new Date(iso);
  return Number.isNaN(at.getTime())
    ? iso
    : `${at.toLocaleString()} (${at.toISOString()})`;
}

/** An instant of the wire in milliseconds, or null. */
export function instant(iso: string | null | undefined): number | null {
  const at = iso ? Date.parse(iso) : NaN;
  return Number.isNaN(at) ? null : at;
}

/** Any value in any format; what does not fit its format is shown as text. */
export function value(
  given: Value,
  format: Column['format'],
  now: number
): string {
  if (given === null || given === undefined || given === '') {
    return UNKNOWN;
  }
  if (typeof given === 'string' && format === 'time') {
    return time(given, now);
  }
  if (typeof given === 'number' && format in NUMBERS) {
    return NUMBERS[format](given);
  }
  if (typeof given === 'boolean') {
    return given ? '✓' : '✗';
  }
  return String(given);
}

const NUMBERS: Record<string, (n: number) => string> = {
  money,
  rate,
  duration,
  bytes,
  count: n => NUMBER.format(n)
};

/** In the words of the browser's language, as times are; 20 places are all that there may be. */
const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 20 });

/** With so many places, not grouped. */
export function number(n: number, places: number): string {
  return numberFormat('decimal', places).format(n);
}

function dollars(usd: number, places: number): string {
  // No `-$0.00` for what is zero.
  return numberFormat('currency', places).format(usd || 0);
}

/** Making a format takes long against using one: each is made once. */
const made = new Map<string, Intl.NumberFormat>();

function numberFormat(
  style: 'decimal' | 'currency',
  places: number
): Intl.NumberFormat {
  const key = `${style} ${places}`;
  const format =
    made.get(key) ??
    new Intl.NumberFormat(undefined, {
      style,
      // A size is at most a few thousand of its unit.
      useGrouping: style === 'currency',
      currency: 'USD',
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: places,
      maximumFractionDigits: places
    });
  made.set(key, format);
  return format;
}

function pair(
  seconds: number,
  big: number,
  bigUnit: string,
  small: number,
  smallUnit: string
): string {
  const rest = Math.floor((seconds % big) / small);
  const first = `${Math.floor(seconds / big)} ${bigUnit}`;
  return rest > 0 ? `${first} ${rest} ${smallUnit}` : first;
}
