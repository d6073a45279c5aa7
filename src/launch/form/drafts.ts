import * as React from 'react';
import type { LaunchSession } from '../model/session';

/** State of a control that outlives its being taken off the page: nothing that was typed is lost. */
export function useDraft<T>(
  session: LaunchSession,
  key: string,
  initial: () => T
): [T, (next: T) => void] {
  const [value, setValue] = React.useState<T>(() =>
    session.drafts.has(key) ? (session.drafts.get(key) as T) : initial()
  );
  const set = (next: T) => {
    session.drafts.set(key, next);
    setValue(next);
  };
  return [value, set];
}
