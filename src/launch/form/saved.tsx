import * as React from 'react';
import { useSignal, useSmext } from '../../components/hooks';
import { isSame, toSave } from '../model/saved';
import type { LaunchSession } from '../model/session';
import type { NotebookSource } from '../model/source';

/** Puts what was chosen into the notebook, where it goes along in git. */
export function Saved(props: {
  session: LaunchSession;
  source: NotebookSource;
}): JSX.Element | null {
  const { trans } = useSmext();
  const { session, source } = props;
  useSignal(source, source.changed);
  const { defaults, form } = session;
  if (!form || !defaults) {
    return null;
  }
  const already = source.choices();
  const names = Object.keys(already);
  const next = toSave(form, defaults, already);
  const differs = !isSame(next, already);
  return (
    <div className="smext-Saved">
      <button
        className="smext-Button"
        disabled={!differs || source.closed}
        title={
          source.closed
            ? trans.__('The notebook is closed.')
            : trans.__(
                'Into its metadata, as an edit that is not saved yet; role, parameters and environment variables stay out'
              )
        }
        onClick={() => source.setChoices(next)}
      >
        {trans.__('Save these choices with the notebook')}
      </button>
      {names.length > 0 && (
        <button
          className="smext-Button"
          disabled={source.closed}
          onClick={() => source.setChoices(null)}
        >
          {trans.__('Forget')}
        </button>
      )}
      <span className="smext-Field-hint" role="status">
        {names.length > 0
          ? trans.__(
              'The notebook brings along: %1. Others have it once the notebook is saved.',
              names.join(', ')
            )
          : differs
            ? ''
            : trans.__('All is as it is by default: there is nothing to save.')}
      </span>
    </div>
  );
}
