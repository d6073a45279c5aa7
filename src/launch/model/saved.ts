import { JSONExt } from '@lumino/coreutils';
import type { PartialJSONValue, ReadonlyJSONValue } from '@lumino/coreutils';
import type { LaunchDefaults, LaunchForm } from '../../generated';

/** Member of a notebook's metadata in which there is `launch`: members of the form. */
export const KEY = 'smext';

/** Choices as they travel with a notebook. */
export type Choices = Record<string, unknown>;

/** The choices in the notebook's metadata. */
export function saved(metadata: unknown): Choices {
  const { launch } = isObject(metadata) ? metadata : { launch: null };
  return isObject(launch) ? launch : {};
}

/**
 * What to save: all that was chosen, here or for an earlier launch, and anew
 * what is saved already; of what may travel with a notebook.
 */
export function toSave(
  form: LaunchForm,
  defaults: Pick<LaunchDefaults, 'form' | 'options' | 'sources'>,
  already: Choices
): Choices {
  const remembered = new Set(
    defaults.sources.filter(each => each.remembered).map(each => each.field)
  );
  const travels = new Set(
    defaults.options.filter(each => each.saved).map(each => each.member)
  );
  const choices: Choices = {};
  for (const member of Object.keys(form) as (keyof LaunchForm)[]) {
    const chosen =
      member in already ||
      remembered.has(member) ||
      !isSame(form[member], defaults.form[member]);
    if (chosen && travels.has(member)) {
      choices[member] = form[member];
    }
  }
  return choices;
}

/** The metadata with other choices, and all else as it was; undefined where nothing is left. */
export function withChoices(
  metadata: unknown,
  choices: Choices | null
): PartialJSONValue | undefined {
  const rest = isObject(metadata) ? { ...metadata } : {};
  delete rest.launch;
  if (choices && Object.keys(choices).length > 0) {
    rest.launch = choices;
  }
  return Object.keys(rest).length > 0 ? (rest as PartialJSONValue) : undefined;
}

export function isSame(one: unknown, other: unknown): boolean {
  return JSONExt.deepEqual(
    one as ReadonlyJSONValue,
    other as ReadonlyJSONValue
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
