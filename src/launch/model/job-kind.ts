import type { InputChannel, LaunchForm, LaunchOption } from '../../generated';

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
export function fitted(
  form: LaunchForm,
  options: readonly LaunchOption[]
): LaunchForm {
  const inputs = form.inputs
    .filter(isAddressed)
    .map(input => ({ ...input, mode: modeOf(form, input) }));
  const left = options
    .filter(option => !applies(form, option))
    .map(option => [option.member, option.default]);
  return { ...form, inputs, ...Object.fromEntries(left) } as LaunchForm;
}

/** Whether the form's kind of job has an option, and what that needs is chosen. */
export function applies(form: LaunchForm, option: LaunchOption): boolean {
  const needed =
    option.needs === '' || Boolean(form[option.needs as keyof LaunchForm]);
  return needed && option.kinds.includes(form.job_kind);
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
export function counts(
  form: LaunchForm,
  path: string,
  options: readonly LaunchOption[]
): boolean {
  const [member] = path.split('.');
  switch (member) {
    case 'max_usd':
      return form.max_usd !== null;
    case 'max_runtime_seconds':
      return form.max_usd === null;
  }
  const option = options.find(each => each.member === member);
  return option === undefined || applies(form, option);
}
