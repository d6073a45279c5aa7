import * as React from 'react';
import { useSmext } from '../../components/hooks';
import { useDraft } from './drafts';
import type { Wiring } from './field';
import { hoursAndMinutes, runtime } from '../model/text-values';
import type { LaunchSession } from '../model/session';

/** A time in hours and minutes; where both may be empty, that is null. */
export function Span(props: {
  session: LaunchSession;
  field: string;
  wiring: Wiring;
  /** What it is the time of, before `hours` and `minutes`. */
  label: string;
  seconds: number | null;
  onValue: (seconds: number | null) => void;
  optional?: boolean;
}): JSX.Element {
  const { trans } = useSmext();
  const { field, label, seconds, session, wiring } = props;
  const written = () => ({
    seconds,
    parts: seconds === null ? ['', ''] : hoursAndMinutes(seconds)
  });
  const [draft, setDraft] = useDraft(session, field, written);
  // The time may have changed from elsewhere, not by what was typed here.
  const [hours, minutes] = (draft.seconds === seconds ? draft : written())
    .parts;
  const change = (h: string, m: string) => {
    const parts = [h, m];
    if (props.optional && !h.trim() && !m.trim()) {
      setDraft({ parts, seconds: null });
      props.onValue(null);
      return;
    }
    const reading = runtime(h, m);
    if (reading.ok) {
      setDraft({ parts, seconds: reading.value as number });
      props.onValue(reading.value as number);
    } else {
      setDraft({ parts, seconds });
      session.reject(field, reading);
    }
  };
  return (
    <span className="smext-Suffixed">
      <Part
        {...wiring}
        label={trans.__('%1, hours', label)}
        unit={trans.__('h')}
        value={hours}
        onChange={text => change(text, minutes)}
      />
      <Part
        {...wiring}
        id={`${wiring.id}-minutes`}
        label={trans.__('%1, minutes', label)}
        unit={trans.__('min')}
        value={minutes}
        onChange={text => change(hours, text)}
      />
    </span>
  );
}

function Part(
  props: Wiring & {
    label: string;
    unit: string;
    value: string;
    onChange: (text: string) => void;
  }
): JSX.Element {
  return (
    <>
      <input
        id={props.id}
        className="smext-Input"
        inputMode="numeric"
        aria-label={props.label}
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        disabled={props.disabled}
        value={props.value}
        onChange={event => props.onChange(event.target.value)}
      />
      <span className="smext-muted">{props.unit}</span>
    </>
  );
}
