import * as React from 'react';
import { useSmext } from '../../components/hooks';
import { summary, worst } from '../model/sections';
import type { LaunchSession } from '../model/session';

/**
 * A part of the form that is closed, with what is chosen in a line, until it is
 * opened, or until something inside cannot be as it is.
 */
export function Section(props: {
  session: LaunchSession;
  name: string;
  label: string;
  children: React.ReactNode;
}): JSX.Element {
  const { trans } = useSmext();
  const { label, name, session } = props;
  const [open, setOpen] = React.useState(false);
  const level = worst(name, session.faults, session.options);
  React.useEffect(() => {
    if (level === 'bad') {
      setOpen(true);
    }
  }, [level]);
  const { form, options, plan } = session;
  const chosen = form && summary(name, form, plan, trans, options);
  return (
    <details
      className="smext-FormSection"
      open={open}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="smext-FormSection-name">{label}</span>
        {level && (
          <span
            className={`smext-mod-${level}`}
            role="img"
            aria-label={
              level === 'bad'
                ? trans.__('something here is wrong')
                : trans.__('something here deserves a look')
            }
          >
            {level === 'bad' ? '✗' : '!'}
          </span>
        )}
        <span className="smext-FormSection-chosen" title={chosen ?? undefined}>
          {chosen}
        </span>
      </summary>
      <div className="smext-FormSection-body">{props.children}</div>
    </details>
  );
}
