import type { LaunchForm } from '../generated';

/**
 * The form without what its kind of job does not have: that stays on the
 * screen for when the kind is changed back, and is not sent.
 */
export function fitted(form: LaunchForm): LaunchForm {
  if (form.job_kind === 'training') {
    const max_wait_seconds = form.spot ? form.max_wait_seconds : null;
    return { ...form, outputs: [], max_wait_seconds };
  }
  return {
    ...form,
    inputs: form.inputs.map(input => ({ ...input, mode: 'File' as const })),
    spot: false,
    max_wait_seconds: null,
    keep_alive_seconds: 0,
    retries: 0
  };
}

/** Whether a member, or a part of one, counts as the form stands; what does not is not shown. */
export function counts(form: LaunchForm, path: string): boolean {
  const training = form.job_kind === 'training';
  const [member, , part] = path.split('.');
  switch (member) {
    case 'spot':
    case 'keep_alive_seconds':
    case 'retries':
      return training;
    case 'max_wait_seconds':
      return training && form.spot;
    case 'inputs':
      return training || part !== 'mode';
    case 'outputs':
      return !training;
    case 'max_usd':
      return form.max_usd !== null;
    case 'max_runtime_seconds':
      return form.max_usd === null;
    default:
      return true;
  }
}
