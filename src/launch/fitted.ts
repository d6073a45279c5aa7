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
