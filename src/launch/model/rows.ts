import type { InputChannel, OutputFolder } from '../../generated';

/** A name and its value, as they are typed. */
export type Pair = { name: string; value: string };

/** Names and values as rows; names that have to be there come first. */
export function asPairs(
  values: Readonly<Record<string, string>>,
  required: readonly string[] = []
): Pair[] {
  const names = [...new Set([...required, ...Object.keys(values)])];
  return names.map(name => ({ name, value: values[name] ?? '' }));
}

/** Rows as names and values; a row says nothing without a name, or without the value that it has to have. */
export function asValues(
  pairs: readonly Pair[],
  required: readonly string[] = []
): Record<string, string> {
  const named = pairs
    .map(({ name, value }) => [name.trim(), value])
    .filter(([name, value]) => name && (value || !required.includes(name)));
  return Object.fromEntries(named);
}

/** Whether two rows have one name. */
export function repeated(pairs: readonly Pair[]): boolean {
  const names = pairs.map(({ name }) => name.trim()).filter(Boolean);
  return new Set(names).size < names.length;
}

export function isSame(
  one: Readonly<Record<string, string>>,
  other: Readonly<Record<string, string>>
): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(name => one[name] === other[name])
  );
}

/** An input to be filled in, named as no other is. */
export function newInput(inputs: readonly InputChannel[]): InputChannel {
  return { name: unused('data', inputs), uri: '', mode: 'File' };
}

export function newOutput(outputs: readonly OutputFolder[]): OutputFolder {
  return { name: unused('results', outputs), uri: '' };
}

/** A list with one of its values changed. */
export function changed<T>(
  list: readonly T[],
  at: number,
  part: Partial<T>
): T[] {
  return list.map((each, i) => (i === at ? { ...each, ...part } : each));
}

export function without<T>(list: readonly T[], at: number): T[] {
  return list.filter((_, i) => i !== at);
}

function unused(name: string, taken: readonly { name: string }[]): string {
  const names = new Set(taken.map(each => each.name));
  let number = 1;
  let found = name;
  while (names.has(found)) {
    number += 1;
    found = `${name}${number}`;
  }
  return found;
}
