import type { ISignal } from '@lumino/signaling';
import * as React from 'react';
import type { State } from '../state';
import type { ISmext } from '../tokens';

/** Gives every component what the plugin was given. */
export const SmextContext = React.createContext<ISmext | null>(null);

export function useSmext(): ISmext {
  const smext = React.useContext(SmextContext);
  if (smext === null) {
    throw new Error('This component stands outside of SmextContext.');
  }
  return smext;
}

/** Draw again whenever the signal is emitted. */
export function useSignal<T extends object>(
  source: T,
  signal: ISignal<T, unknown>
): void {
  const version = React.useRef(0);
  const subscribe = React.useCallback(
    (notify: () => void) => {
      const slot = () => {
        version.current += 1;
        notify();
      };
      signal.connect(slot);
      return () => {
        signal.disconnect(slot);
      };
    },
    [source, signal]
  );
  React.useSyncExternalStore(subscribe, () => version.current);
}

/** What is known of the account. */
export function useModelState(): State {
  const { model } = useSmext();
  useSignal(model, model.stateChanged);
  return model.state;
}

/** The server's clock in ms, drawn again every `interval` ms. */
export function useNow(interval: number): number {
  const { model } = useSmext();
  const [, tick] = React.useReducer((n: number) => n + 1, 0);
  React.useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) {
        tick();
      }
    }, interval);
    return () => clearInterval(timer);
  }, [interval]);
  return model.now();
}
