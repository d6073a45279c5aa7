import * as React from 'react';
import { bytes } from '../../format';
import type { LaunchProgress } from '../../generated';
import { useSmext } from '../../components/hooks';
import type { Sending } from '../model/submission';

/** How far a launch is on its way, and the button that calls it back. */
export function SendingView(props: { sending: Sending }): JSX.Element {
  const { trans } = useSmext();
  const { cancelling, progress } = props.sending;
  const total = progress?.total_bytes ?? 0;
  const sent = Math.min(progress?.sent_bytes ?? 0, total);
  const known = progress?.phase === 'uploading' && total > 0;
  const phase = cancelling
    ? trans.__('Cancelling…')
    : phases(trans)[progress?.phase ?? 'waiting'];
  const amount = known
    ? trans.__('%1 of %2', bytes(sent), bytes(total))
    : undefined;
  return (
    <div className="smext-Plan-run">
      <div className="smext-Sending-said">
        <span role="status">{phase}</span>
        <span className="smext-num">{amount}</span>
      </div>
      <div
        className={`smext-Bar${known ? '' : ' smext-mod-unknown'}`}
        role="progressbar"
        aria-label={trans.__('Launch')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={known ? Math.round((100 * sent) / total) : undefined}
        aria-valuetext={[phase, amount].filter(Boolean).join(' ')}
      >
        <span
          key={String(known)}
          style={known ? { width: `${(100 * sent) / total}%` } : {}}
        />
      </div>
      <button
        className="smext-Button"
        disabled={!progress?.can_cancel || cancelling}
        onClick={() => void props.sending.cancel()}
      >
        {trans.__('Cancel')}
      </button>
    </div>
  );
}

function phases(trans: {
  __: (text: string) => string;
}): Record<LaunchProgress['phase'], string> {
  return {
    waiting: trans.__('Launching…'),
    checking: trans.__('Checking once more…'),
    packing: trans.__('Packing the files…'),
    uploading: trans.__('Uploading…'),
    creating: trans.__('Creating the job…'),
    over: trans.__('Launching…')
  };
}
