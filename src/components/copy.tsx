import * as React from 'react';
import { copyText } from './clipboard';
import { useSmext } from './hooks';

/** Puts a text into the clipboard, and says so; or what to do where that is not allowed. */
export function CopyButton(props: {
  text: () => string;
  label: string;
  /** What stands on the button. */
  short?: string;
}): JSX.Element {
  const { trans } = useSmext();
  const [copied, setCopied] = React.useState<boolean | null>(null);
  React.useEffect(() => {
    const shown = copied ? 2000 : 6000;
    const timer =
      copied === null ? undefined : setTimeout(() => setCopied(null), shown);
    return () => clearTimeout(timer);
  }, [copied]);
  return (
    <button
      className="smext-Button"
      aria-label={props.label}
      title={props.label}
      onClick={() => void copyText(props.text()).then(setCopied)}
    >
      {copied === null
        ? (props.short ?? trans.__('Copy'))
        : copied
          ? trans.__('Copied')
          : trans.__('Not allowed: select the text and press Ctrl+C')}
    </button>
  );
}
