import type { LaunchForm, Package, Parameter } from '../generated';

/** A text that was typed, as a value; or what is wrong with it. */
export type Reading =
  { ok: true; value: unknown } | { ok: false; error: string };

/** Characters of JSON that are not broken into lines. */
const ONE_LINE = 60;

/** How a parameter's value is written in its field. */
export function written(type: Parameter['type'], value: unknown): string {
  if (type === 'json') {
    const line = JSON.stringify(value ?? null);
    return line.length > ONE_LINE ? JSON.stringify(value, null, 1) : line;
  }
  return value === null || value === undefined ? '' : String(value);
}

/** What a parameter's field says, as a value of the parameter's type. */
export function read(type: Parameter['type'], text: string): Reading {
  switch (type) {
    case 'int':
      return wholeNumber(text);
    case 'float':
      return anyNumber(text);
    case 'bool':
      return { ok: true, value: text === 'true' };
    case 'json':
      return json(text);
    default:
      return { ok: true, value: text };
  }
}

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

/** The form's parameters as they open: every one, with its own value. */
export function initialParameters(
  form: LaunchForm,
  parameters: readonly Parameter[]
): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, value } of parameters) {
    values[name] = name in form.parameters ? form.parameters[name] : value;
  }
  return values;
}

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

function json(text: string): Reading {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return { ok: false, error: `JSON: ${(error as Error).message}` };
  }
}
