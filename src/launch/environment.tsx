import * as React from 'react';
import { useSmext } from '../parts/hooks';
import type { LaunchSession } from './session';

type Pair = { name: string; value: string };

/** Environment variables of the job, a name and a value each. */
export function Environment(props: { session: LaunchSession }): JSX.Element {
  const { trans } = useSmext();
  const { session } = props;
  const [pairs, setPairs] = React.useState<Pair[]>(() =>
    Object.entries(session.form?.environment ?? {}).map(([name, value]) => ({
      name,
      value
    }))
  );
  const change = (next: Pair[]) => {
    setPairs(next);
    const names = next.map(pair => pair.name.trim()).filter(Boolean);
    if (new Set(names).size < names.length) {
      const error = trans.__('A name stands here twice.');
      session.reject('environment', { ok: false, error });
      return;
    }
    session.set(
      'environment',
      Object.fromEntries(
        next
          .filter(pair => pair.name.trim())
          .map(pair => [pair.name.trim(), pair.value])
      )
    );
  };
  const edit = (index: number, part: Partial<Pair>) =>
    change(pairs.map((pair, i) => (i === index ? { ...pair, ...part } : pair)));
  const fault = session.faultAt('environment');
  return (
    <details className="smext-Fold" open={pairs.length > 0}>
      <summary>
        {trans.__('Environment variables')}{' '}
        <span className="smext-muted">{pairs.length || ''}</span>
      </summary>
      {pairs.map((pair, index) => (
        <div className="smext-Pair" key={index}>
          <input
            className="smext-Input"
            aria-label={trans.__('Name of variable %1', index + 1)}
            placeholder={trans.__('NAME')}
            value={pair.name}
            onChange={event => edit(index, { name: event.target.value })}
          />
          <input
            className="smext-Input"
            aria-label={trans.__('Value of variable %1', index + 1)}
            placeholder={trans.__('value')}
            value={pair.value}
            onChange={event => edit(index, { value: event.target.value })}
          />
          <button
            className="smext-Button"
            aria-label={trans.__('Remove variable %1', index + 1)}
            onClick={() => change(pairs.filter((_, i) => i !== index))}
          >
            ✕
          </button>
        </div>
      ))}
      {fault && (
        <p className={`smext-Field-fault smext-mod-${fault.level}`}>
          {fault.text}
        </p>
      )}
      <button
        className="smext-Button"
        onClick={() => setPairs([...pairs, { name: '', value: '' }])}
      >
        {trans.__('Add a variable')}
      </button>
    </details>
  );
}
