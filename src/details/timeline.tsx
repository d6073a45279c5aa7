import * as React from 'react';
import { clock, instant } from '../format';
import type { Phase } from '../generated';
import { useNow, useSmext } from '../components/hooks';

/** The stretches of a life, as wide as they were long. */
export function Timeline(props: { phases: readonly Phase[] }): JSX.Element {
  const { trans } = useSmext();
  const now = useNow(1000);
  return (
    <ol className="smext-Timeline" aria-label={trans.__('Phases')}>
      {props.phases.map((phase, index) => {
        const start = instant(phase.start) ?? now;
        const seconds = Math.max(
          0,
          ((instant(phase.end) ?? now) - start) / 1000
        );
        const text = `${phase.name} ${clock(seconds)}`;
        return (
          <li
            key={`${phase.name} ${phase.start}`}
            data-shade={index % 4}
            data-open={phase.end === null}
            style={{ flexGrow: Math.max(seconds, 1) }}
            title={[text, phase.message].filter(Boolean).join('\n')}
          >
            {text}
          </li>
        );
      })}
    </ol>
  );
}
