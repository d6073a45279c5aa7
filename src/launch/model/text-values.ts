import type { Package, Parameter } from '../../generated';

/** A text that was typed, as a value; or what is wrong with it. */
export type Reading =
  { ok: true; value: unknown } | { ok: false; error: string };

/** Member of a value that JavaScript would change: a literal of Python. */
const LITERAL = '$literal';

/** How a value that is set is written in its field. */
export function written(value: unknown): string {
  if (typeof value === 'object' && value !== null && LITERAL in value) {
    const text = String((value as Record<string, unknown>)[LITERAL]);
    // A text with blanks around it comes as a literal, in quotes.
    return /^(['"]).*\1$/s.test(text) && !text.includes('\\')
      ? text.slice(1, -1)
      : text;
  }
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

/** What a parameter's field says: the server takes its type from the notebook, so that no number is changed here. */
export function read(parameter: Parameter, text: string): Reading {
  if (text === (parameter.text ?? '')) {
    return { ok: true, value: null };
  }
  const none = parameter.optional && /^\s*(None|null)?\s*$/.test(text);
  if (!none && parameter.type === 'int' && !NUMBER.test(text)) {
    return { ok: false, error: 'A whole number.' };
  }
  if (!none && parameter.type === 'float' && !NUMBER.test(text)) {
    return { ok: false, error: 'A number.' };
  }
  return { ok: true, value: text };
}

/** Of Python, as far as it can be told here; whether an int may be a float, the server says. */
const NUMBER =
  /^\s*[+-]?(0[xXoObB][\da-fA-F_]+|(\d[\d_]*)?\.?\d[\d_]*([eE][+-]?\d+)?|\d[\d_]*\.([eE][+-]?\d+)?|inf(inity)?|nan)\s*$/i;

/** A whole number between two bounds. */
export function bounded(text: string, low: number, high: number): Reading {
  const number = wholeNumber(text);
  if (!number.ok) {
    return number;
  }
  const value = number.value as number;
  return value >= low && value <= high
    ? number
    : { ok: false, error: `A whole number from ${low} to ${high}.` };
}

/** Hours and minutes as they are typed, in seconds. */
export function runtime(hours: string, minutes: string): Reading {
  const h = bounded(hours || '0', 0, 672);
  const m = bounded(minutes || '0', 0, 59);
  if (!h.ok || !m.ok) {
    return { ok: false, error: 'Whole hours, and minutes from 0 to 59.' };
  }
  const seconds = (h.value as number) * 3600 + (m.value as number) * 60;
  return seconds >= 60
    ? { ok: true, value: seconds }
    : { ok: false, error: 'One minute at least.' };
}

/** An amount of USD as it is typed; a sign before it is not looked at. */
export function dollars(text: string): Reading {
  const number = anyNumber(text.replace(/^\s*\$/, ''));
  if (!number.ok || (number.value as number) <= 0) {
    return { ok: false, error: 'An amount in USD, such as 5 or 0.50.' };
  }
  return number;
}

/** A part of seconds as hours and minutes, as they are typed. */
export function hoursAndMinutes(seconds: number): [string, string] {
  const minutes = Math.round(seconds / 60);
  return [String(Math.floor(minutes / 60)), String(minutes % 60)];
}

/** What stands between commas, blanks and line ends. */
export function separated(text: string): string[] {
  return text.split(/[\s,]+/).filter(Boolean);
}

/** The lines of a text that say something. */
export function lines(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}

/** A list as it is written in its field. */
export function listed(values: readonly string[]): string {
  return values.join('\n');
}

/** Of a plan's packages those that can stand in a list: one of this machine has a folder, no version. */
export function packageList(packages: readonly Package[]): string[] {
  return packages
    .map(each => each.requirement)
    .filter(requirement => REQUIREMENT.test(requirement));
}

const REQUIREMENT = /^[\w.-]+(\[[\w.,\s-]*\])?\s*([<>=!~@;].*)?$/;

function wholeNumber(text: string): Reading {
  const value = Number(text);
  return /^\s*[+-]?\d+\s*$/.test(text) && Number.isSafeInteger(value)
    ? { ok: true, value }
    : { ok: false, error: 'A whole number.' };
}

function anyNumber(text: string): Reading {
  const value = Number(text);
  return text.trim() !== '' && Number.isFinite(value)
    ? { ok: true, value }
    : { ok: false, error: 'A number.' };
}
