import type { TranslationBundle } from '@jupyterlab/translation';
import { age, money } from '../../format';
import type { LaunchForm, LaunchOption, Plan } from '../../generated';
import type { Fault } from './faults';
import { applies } from './job-kind';
import { isSame } from './saved';

/** The worst that is said of anything in a section. */
export function worst(
  section: string,
  faults: ReadonlyMap<string, Fault>,
  options: readonly LaunchOption[]
): Fault['level'] | null {
  const members = options
    .filter(option => option.section === section)
    .map(option => option.member);
  let found: Fault['level'] | null = null;
  for (const [path, { level }] of faults) {
    if (members.includes(path.split('.')[0]) && found !== 'bad') {
      found = level;
    }
  }
  return found;
}

/** What is chosen in a section, in a line; empty where nothing is. */
export function summary(
  section: string,
  form: LaunchForm,
  plan: Plan | null,
  trans: TranslationBundle,
  options: readonly LaunchOption[]
): string {
  const inside = options.filter(option => option.section === section);
  const beside = options.filter(({ member }) => BESIDE[member] === section);
  return [...inside, ...beside]
    .filter(option => applies(form, option))
    .map(option => {
      const own = WORDS[option.member];
      return own ? own(form, plan, trans) : word(option, form);
    })
    .filter(Boolean)
    .join(', ');
}

/** An option that is set, by its own word or by its label: the server's, in its language. */
function word(option: LaunchOption, form: LaunchForm): string {
  const value: unknown = form[option.member as keyof LaunchForm];
  if (isSame(value, option.default)) {
    return '';
  }
  const [one, many] = option.chosen;
  const count = Array.isArray(value) ? value.length : value;
  if (many !== undefined) {
    return (count === 1 ? one : many).replace('%1', String(count));
  }
  if (one !== undefined) {
    return one;
  }
  switch (option.control) {
    case 'checkbox':
      return value && !option.at_fault ? option.label : '';
    case 'number':
      return `${option.label}: ${String(value)}`;
    default:
      return '';
  }
}

/** What is said in another section than that in which it is chosen. */
const BESIDE: Record<string, string | undefined> = { max_usd: 'training' };

type Word = (
  form: LaunchForm,
  plan: Plan | null,
  trans: TranslationBundle
) => string | false;

/** What is said of an option in words of its own, if anything. */
const WORDS: Record<string, Word | undefined> = {
  image: form => lastPart(form.image),
  role: form => lastPart(form.role),
  files: (_, plan, trans) =>
    plan !== null &&
    plan.files.length > 0 &&
    trans._n('%1 file', '%1 files', plan.files.length),
  packages: (_, plan, trans) =>
    plan !== null &&
    plan.packages.length > 0 &&
    trans._n('%1 package', '%1 packages', plan.packages.length),
  max_usd: (form, _, trans) =>
    form.max_usd !== null && trans.__('stop at %1', money(form.max_usd)),
  keep_alive_seconds: (form, _, trans) =>
    form.keep_alive_seconds > 0 &&
    trans.__('kept for %1', age(form.keep_alive_seconds)),
  environment: form => counted(form.environment),
  tags: form => counted(form.tags)
};

function counted(values: Record<string, string>): string {
  return Object.keys(values).length > 0
    ? String(Object.keys(values).length)
    : '';
}

function lastPart(text: string): string {
  return text.split('/').pop() ?? text;
}
