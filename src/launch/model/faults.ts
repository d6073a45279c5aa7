import type {
  LaunchDefaults,
  LaunchForm,
  Plan,
  Problem
} from '../../generated';
import { onScreen } from './job-kind';

/** What of the defaults has controls of its own. */
type Declares = Pick<LaunchDefaults, 'parameters' | 'required_tags'> | null;

/** What is wrong at a field, and how bad it is. */
export type Fault = { text: string; level: 'bad' | 'warn' };

/** What is said of a member of the form: `inputs.0.uri`. */
export type Said = Fault & { path: string };

/** All that is said of fields, what is typed wrong first, then by how bad it is. */
export function said(
  typed: ReadonlyMap<string, string>,
  problem: Problem | null,
  plan: Plan | null
): Said[] {
  const all: Said[] = [];
  typed.forEach((text, path) => all.push({ path, text, level: 'bad' }));
  if (problem?.field) {
    all.push({ path: problem.field, text: both(problem), level: 'bad' });
  }
  for (const check of plan?.checks ?? []) {
    const level = LEVELS[check.status];
    if (check.field && level) {
      all.push({ path: check.field, text: both(check), level });
    }
  }
  const rank = { bad: 0, warn: 1 };
  return all
    .map(each => ({ ...each, path: pathOf(each.path) }))
    .sort((a, b) => rank[a.level] - rank[b.level]);
}

/** The worst that is said at each control of the form. */
export function placed(
  all: readonly Said[],
  form: LaunchForm,
  defaults: Declares = null
): Map<string, Fault> {
  const shown = controls(form, defaults);
  const faults = new Map<string, Fault>();
  for (const { level, path, text } of all) {
    const control = place(path, shown, form);
    if (control !== null && !faults.has(control)) {
      faults.set(control, { text, level });
    }
  }
  return faults;
}

/** The control that a path of the form as it is sent names, or the nearest around it. */
export function place(
  path: string,
  shown: ReadonlySet<string>,
  form: LaunchForm
): string | null {
  const parts = onScreen(form, path).split('.');
  for (let length = parts.length; length > 0; length--) {
    const part = parts.slice(0, length).join('.');
    if (shown.has(part)) {
      return part;
    }
  }
  const other = standIns(form)[parts[0]];
  return other && shown.has(other) ? other : null;
}

/** The paths of all that the form shows; a group has one of its own. */
export function controls(
  form: LaunchForm,
  defaults: Declares = null
): Set<string> {
  const shown = new Set<string>(Object.keys(form));
  Object.keys(standIns(form)).forEach(hidden => shown.delete(hidden));
  const add = (...paths: string[]) => paths.forEach(path => shown.add(path));
  for (const { name } of defaults?.parameters ?? []) {
    add(`parameters.${name}`);
  }
  for (const name of Object.keys(form.environment)) {
    add(`environment.${name}`);
  }
  for (const name of [
    ...Object.keys(form.tags),
    ...(defaults?.required_tags ?? [])
  ]) {
    add(`tags.${name}`);
  }
  form.inputs.forEach((_, at) =>
    add(`inputs.${at}.name`, `inputs.${at}.uri`, `inputs.${at}.mode`)
  );
  form.outputs.forEach((_, at) =>
    add(`outputs.${at}.name`, `outputs.${at}.uri`)
  );
  return shown;
}

/** What is not shown as the form stands, and what is shown in its place. */
function standIns(form: LaunchForm): Record<string, string> {
  const longest = ['max_runtime_seconds', 'max_usd'];
  const packages = ['packages', 'requirements'];
  if (form.max_usd !== null) {
    longest.reverse();
  }
  if (form.requirements !== null) {
    packages.reverse();
  }
  return { [longest[1]]: longest[0], [packages[1]]: packages[0] };
}

const LEVELS: Record<string, Fault['level'] | undefined> = {
  'will fail': 'bad',
  warning: 'warn'
};

/** The server may name a field by its whole path in the request. */
function pathOf(field: string): string {
  return field.replace(/^form\./, '').replace(/\[(\w+)\]/g, '.$1');
}

function both({
  advice,
  message
}: {
  advice: string;
  message: string;
}): string {
  const ends = /[.!?:)]$/.test(message);
  return advice ? `${message}${ends ? '' : '.'} ${advice}` : message;
}
