import type { InputChannel, LaunchForm } from '../../generated';

/** How a run of each kind may read an input from S3. */
export const MODES: Record<
  LaunchForm['job_kind'],
  readonly InputChannel['mode'][]
> = {
  training: ['File', 'FastFile', 'Pipe'],
  processing: ['File', 'Pipe']
};

/**
 * The form without what its kind of job does not have: that stays on the
 * screen for when the kind is changed back, and is not sent. Nor is an input
 * that has no address yet.
 */
export function fitted(form: LaunchForm): LaunchForm {
  const inputs = form.inputs
    .filter(isAddressed)
    .map(input => ({ ...input, mode: modeOf(form, input) }));
  if (form.job_kind === 'training') {
    const max_wait_seconds = form.spot ? form.max_wait_seconds : null;
    return { ...form, inputs, outputs: [], max_wait_seconds };
  }
  return {
    ...form,
    inputs,
    spot: false,
    max_wait_seconds: null,
    keep_alive_seconds: 0,
    retries: 0
  };
}

/** How an input is read; what its kind of job does not have is a copy. */
export function modeOf(
  form: LaunchForm,
  input: InputChannel
): InputChannel['mode'] {
  return MODES[form.job_kind].includes(input.mode) ? input.mode : 'File';
}

export function isAddressed(input: InputChannel): boolean {
  return input.uri.trim() !== '';
}

/** A path of the form as it is sent, in the form as it is on the screen. */
export function onScreen(form: LaunchForm, path: string): string {
  const [member, number, ...rest] = path.split('.');
  if (member !== 'inputs' || number === undefined) {
    return path;
  }
  const rows = [...form.inputs.keys()].filter(at =>
    isAddressed(form.inputs[at])
  );
  const row = rows[Number(number)];
  return row === undefined ? member : [member, row, ...rest].join('.');
}

/** Whether a member, or a part of one, counts as the form stands; what does not is not shown. */
export function counts(form: LaunchForm, path: string): boolean {
  const training = form.job_kind === 'training';
  const [member] = path.split('.');
  switch (member) {
    case 'spot':
    case 'keep_alive_seconds':
    case 'retries':
      return training;
    case 'max_wait_seconds':
      return training && form.spot;
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
