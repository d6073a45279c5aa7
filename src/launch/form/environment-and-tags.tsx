import * as React from 'react';
import { useSmext } from '../../components/hooks';
import { Pairs } from './key-values';
import type { LaunchSession } from '../model/session';

/** Environment variables of the job. */
export function Environment(props: { session: LaunchSession }): JSX.Element {
  const { trans } = useSmext();
  return (
    <Pairs
      session={props.session}
      field="environment"
      words={{
        name: at => trans.__('Name of variable %1', at),
        value: at => trans.__('Value of variable %1', at),
        remove: at => trans.__('Remove variable %1', at),
        add: trans.__('Add a variable'),
        placeholder: trans.__('NAME')
      }}
    />
  );
}

/** Tags of the job; the administrator may want some of them. */
export function Tags(props: { session: LaunchSession }): JSX.Element {
  const { trans } = useSmext();
  return (
    <Pairs
      session={props.session}
      field="tags"
      required={props.session.defaults?.required_tags}
      words={{
        name: at => trans.__('Key of tag %1', at),
        value: at => trans.__('Value of tag %1', at),
        remove: at => trans.__('Remove tag %1', at),
        add: trans.__('Add a tag'),
        placeholder: trans.__('key')
      }}
    />
  );
}
