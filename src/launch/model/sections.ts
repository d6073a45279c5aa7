import type { TranslationBundle } from '@jupyterlab/translation';
import { age, money } from '../../format';
import type { LaunchForm, Plan } from '../../generated';
import type { Fault } from './faults';

/** The sections of the form that are closed as long as nothing is wrong in them. */
export type SectionName =
  'image' | 'along' | 'data' | 'money' | 'network' | 'environment' | 'tags';

/** What is chosen in each section; all else of the form is always open. */
export const MEMBERS: Record<SectionName, readonly (keyof LaunchForm)[]> = {
  image: ['image', 'role'],
  along: [
    'include_files',
    'files',
    'send_large',
    'packages',
    'requirements',
    'send_wheels'
  ],
  data: ['inputs', 'outputs'],
  money: ['spot', 'max_wait_seconds', 'keep_alive_seconds', 'retries'],
  network: ['subnets', 'security_groups', 'network_isolation', 'kms_key'],
  environment: ['environment'],
  tags: ['tags']
};

/** The worst that is said of anything in a section. */
export function worst(
  section: SectionName,
  faults: ReadonlyMap<string, Fault>
): Fault['level'] | null {
  const members: readonly string[] = MEMBERS[section];
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
  section: SectionName,
  form: LaunchForm,
  plan: Plan | null,
  trans: TranslationBundle
): string {
  return SUMMARIES[section](form, plan, trans).filter(Boolean).join(', ');
}

type Summary = (
  form: LaunchForm,
  plan: Plan | null,
  trans: TranslationBundle
) => (string | false)[];

const SUMMARIES: Record<SectionName, Summary> = {
  image: form => [lastPart(form.image), lastPart(form.role)],
  along: (form, plan, trans) => [
    plan !== null &&
      plan.files.length > 0 &&
      trans._n('%1 file', '%1 files', plan.files.length),
    plan !== null &&
      plan.packages.length > 0 &&
      trans._n('%1 package', '%1 packages', plan.packages.length),
    form.send_wheels && trans.__('packages sent along')
  ],
  data: (form, _, trans) => [
    form.inputs.length > 0 &&
      trans._n('%1 input', '%1 inputs', form.inputs.length),
    form.job_kind === 'processing' &&
      form.outputs.length > 0 &&
      trans._n('%1 output', '%1 outputs', form.outputs.length)
  ],
  money: (form, _, trans) => [
    form.job_kind === 'training' && form.spot && trans.__('spot'),
    form.max_usd !== null && trans.__('stop at %1', money(form.max_usd)),
    form.job_kind === 'training' &&
      form.keep_alive_seconds > 0 &&
      trans.__('kept for %1', age(form.keep_alive_seconds)),
    form.job_kind === 'training' &&
      form.retries > 0 &&
      trans._n('%1 retry', '%1 retries', form.retries)
  ],
  network: (form, _, trans) => [
    form.subnets.length > 0 &&
      trans._n('%1 subnet', '%1 subnets', form.subnets.length),
    form.security_groups.length > 0 &&
      trans._n(
        '%1 security group',
        '%1 security groups',
        form.security_groups.length
      ),
    form.network_isolation && trans.__('isolated'),
    form.kms_key !== '' && trans.__('own key')
  ],
  environment: form => [counted(form.environment)],
  tags: form => [counted(form.tags)]
};

function counted(values: Record<string, string>): string {
  return Object.keys(values).length > 0
    ? String(Object.keys(values).length)
    : '';
}

function lastPart(text: string): string {
  return text.split('/').pop() ?? text;
}
