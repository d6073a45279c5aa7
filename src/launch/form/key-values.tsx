import * as React from 'react';
import { useSmext } from '../../components/hooks';
import { useDraft } from './drafts';
import { FaultNote } from './field';
import type { Pair } from '../model/rows';
import { asPairs, asValues, isSame, repeated } from '../model/rows';
import type { LaunchSession } from '../model/session';

/** What a list of pairs is called. */
export interface IPairWords {
  name: (at: number) => string;
  value: (at: number) => string;
  remove: (at: number) => string;
  add: string;
  placeholder: string;
}

/** Names with a value each, in rows; some names may have to be there. */
export function Pairs(props: {
  session: LaunchSession;
  field: 'environment' | 'tags';
  required?: readonly string[];
  words: IPairWords;
}): JSX.Element {
  const { trans } = useSmext();
  const { field, required = [], session, words } = props;
  const values = session.form?.[field] ?? {};
  const [draft, setDraft] = useDraft(session, field, () =>
    asPairs(values, required)
  );
  // The values may have changed from elsewhere, not by what was typed here.
  const pairs =
    isSame(asValues(draft, required), values) || repeated(draft)
      ? draft
      : asPairs(values, required);
  const change = (next: Pair[]) => {
    setDraft(next);
    if (repeated(next)) {
      const error = trans.__('A name stands here twice.');
      session.reject(field, { ok: false, error });
    } else {
      session.set(field, asValues(next, required));
    }
  };
  const edit = (at: number, part: Partial<Pair>) =>
    change(pairs.map((pair, i) => (i === at ? { ...pair, ...part } : pair)));
  return (
    <>
      {pairs.map((pair, at) => (
        <PairRow
          key={at}
          session={session}
          field={field}
          at={at}
          pair={pair}
          required={required.includes(pair.name)}
          words={words}
          onEdit={part => edit(at, part)}
          onRemove={() => change(pairs.filter((_, i) => i !== at))}
        />
      ))}
      <div data-field={field}>
        <FaultNote fault={session.faultAt(field)} />
        <button
          type="button"
          className="smext-Button"
          disabled={session.fixed(field)}
          onClick={() => setDraft([...pairs, { name: '', value: '' }])}
        >
          {words.add}
        </button>
      </div>
    </>
  );
}

function PairRow(props: {
  session: LaunchSession;
  field: string;
  at: number;
  pair: Pair;
  required: boolean;
  words: IPairWords;
  onEdit: (part: Partial<Pair>) => void;
  onRemove: () => void;
}): JSX.Element {
  const { trans } = useSmext();
  const { at, pair, required, session, words } = props;
  const path = `${props.field}.${pair.name.trim()}`;
  const id = React.useId();
  const fault = pair.name.trim() ? session.faultAt(path) : null;
  const fixed = session.fixed(path);
  const wrong = fault?.level === 'bad';
  return (
    <div className="smext-PairRow" data-field={path}>
      <div className="smext-Pair">
        <input
          className="smext-Input"
          aria-label={words.name(at + 1)}
          placeholder={words.placeholder}
          readOnly={required}
          disabled={fixed}
          spellCheck={false}
          value={pair.name}
          onChange={event => props.onEdit({ name: event.target.value })}
        />
        <input
          className="smext-Input"
          aria-label={
            pair.name ? trans.__('Value of %1', pair.name) : words.value(at + 1)
          }
          aria-required={required}
          aria-invalid={wrong}
          aria-describedby={id}
          disabled={fixed}
          spellCheck={false}
          placeholder={required ? trans.__('required') : trans.__('value')}
          value={pair.value}
          onChange={event => props.onEdit({ value: event.target.value })}
        />
        <button
          type="button"
          className="smext-Button"
          aria-label={words.remove(at + 1)}
          disabled={required || fixed}
          onClick={props.onRemove}
        >
          ✕
        </button>
      </div>
      <div id={id}>
        {fixed && (
          <span className="smext-Field-hint">
            {trans.__('set by your administrator')}
          </span>
        )}
        <FaultNote fault={fault} />
      </div>
    </div>
  );
}
