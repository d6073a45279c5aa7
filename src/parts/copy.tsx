import * as React from 'react';
import { useSmext } from './hooks';

/** Puts a text into the clipboard, and says so. */
export function CopyButton(props: {
  text: () => string;
  label: string;
  /** What stands on the button. */
  short?: string;
}): JSX.Element {
  const { trans } = useSmext();
  const [done, setDone] = React.useState(false);
  React.useEffect(() => {
    const timer = done ? setTimeout(() => setDone(false), 2000) : undefined;
    return () => clearTimeout(timer);
  }, [done]);
  return (
    <button
      className="smext-Button"
      aria-label={props.label}
      title={props.label}
      onClick={() =>
        void navigator.clipboard
          .writeText(props.text())
          .then(() => setDone(true))
      }
    >
      {done ? trans.__('Copied') : (props.short ?? trans.__('Copy'))}
    </button>
  );
}
