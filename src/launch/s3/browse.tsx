import * as React from 'react';
import { bytes, time } from '../../format';
import type { S3Entry } from '../../generated';
import { useNow, useSignal, useSmext } from '../../components/hooks';
import { ProblemNote } from '../../components/problem';
import { address, crumbs, isFolder, parentOf, Places, startOf } from './places';

/** ms between two looks at the clock: it only tells today from other days. */
const CLOCK = 3600_000;

const SCHEME = 's3://';

interface IBrowseProps {
  /** What the field says now. */
  uri: string;
  /** What is looked for, for its name. */
  label: string;
  onChoose: (uri: string) => void;
  onClose: () => void;
}

/** Folders and objects of S3, to choose one of them. */
export function Browse(props: IBrowseProps): JSX.Element {
  const { model, trans } = useSmext();
  const { label, onChoose, onClose } = props;
  const places = React.useMemo(() => new Places(model.api), [model]);
  useSignal(places, places.changed);
  React.useEffect(() => void places.open(startOf(props.uri)), [places]);
  const { uri } = places;
  return (
    <div
      className="smext-Browse"
      role="group"
      aria-label={label}
      onKeyDown={event => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <Address places={places} />
      <Crumbs places={places} />
      {places.problem && <ProblemNote problem={places.problem} level="warn" />}
      {places.problem && uri !== '' && (
        <p className="smext-Field-hint">
          {trans.__(
            'What may not be listed may still be given: type it into the field.'
          )}
        </p>
      )}
      <Entries places={places} onChoose={onChoose} />
      <div className="smext-Browse-buttons">
        <button
          type="button"
          className="smext-Button smext-mod-primary"
          disabled={uri === ''}
          onClick={() => onChoose(uri)}
        >
          {trans.__('Use this folder')}
        </button>
        <button type="button" className="smext-Button" onClick={onClose}>
          {trans.__('Close')}
        </button>
      </div>
    </div>
  );
}

function Address({ places }: { places: Places }): JSX.Element {
  const { trans } = useSmext();
  const [text, setText] = React.useState(places.uri);
  React.useEffect(() => setText(places.uri), [places.uri]);
  return (
    <input
      className="smext-Input"
      aria-label={trans.__('Folder to look into')}
      placeholder={SCHEME}
      spellCheck={false}
      value={text}
      onChange={event => setText(event.target.value)}
      onKeyDown={event => {
        if (event.key === 'Enter') {
          event.preventDefault();
          void places.open(address(text));
        }
      }}
    />
  );
}

function Crumbs({ places }: { places: Places }): JSX.Element {
  const { trans } = useSmext();
  const way = crumbs(places.uri);
  const all = [{ name: trans.__('Buckets'), uri: '' }, ...way];
  return (
    <nav aria-label={trans.__('Way to this folder')}>
      <ol className="smext-Crumbs">
        {all.map((crumb, at) => (
          <li key={crumb.uri}>
            <button
              type="button"
              className="smext-Link"
              aria-current={at === all.length - 1 ? 'location' : undefined}
              onClick={() => void places.open(crumb.uri)}
            >
              {crumb.name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Entries(props: {
  places: Places;
  onChoose: (uri: string) => void;
}): JSX.Element {
  const { trans } = useSmext();
  const { onChoose, places } = props;
  const entries = places.listing?.entries ?? [];
  const [at, setAt] = React.useState(0);
  const list = React.useRef<HTMLUListElement>(null);
  const base = React.useId();
  React.useEffect(() => {
    setAt(0);
    list.current?.focus();
  }, [places.uri]);
  const take = (entry: S3Entry | undefined) => {
    if (entry && isFolder(entry)) {
      void places.open(entry.uri);
    } else if (entry) {
      onChoose(entry.uri);
    }
  };
  const go = (next: number) => {
    const to = Math.max(0, Math.min(entries.length - 1, next));
    setAt(to);
    list.current?.children[to]?.scrollIntoView?.({ block: 'nearest' });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const keys: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      Home: () => go(0),
      End: () => go(entries.length - 1),
      Enter: () => take(entries[at]),
      ArrowRight: () => take(entries[at]),
      ArrowLeft: () => void places.open(parentOf(places.uri))
    };
    if (event.key in keys) {
      event.preventDefault();
      keys[event.key]();
    }
  };
  return (
    <>
      <ul
        ref={list}
        className="smext-Browse-list"
        role="listbox"
        tabIndex={0}
        aria-label={places.uri || trans.__('Buckets')}
        aria-busy={places.reading}
        aria-activedescendant={entries[at] ? `${base}-${at}` : undefined}
        onKeyDown={onKeyDown}
      >
        {entries.map((entry, index) => (
          <Entry
            key={entry.uri}
            id={`${base}-${index}`}
            entry={entry}
            current={index === at}
            onTake={() => take(entry)}
          />
        ))}
      </ul>
      <p className="smext-Field-hint" role="status">
        {said(places, trans)}
      </p>
    </>
  );
}

function said(
  { listing, reading }: Places,
  trans: { __: (text: string, ...args: unknown[]) => string }
): string {
  if (reading) {
    return trans.__('Looking…');
  }
  if (listing && !listing.complete) {
    return trans.__(
      'These are only the first %1. Type above how the rest of the path begins, to look there.',
      listing.entries.length
    );
  }
  return listing?.entries.length === 0 && !listing.problem
    ? trans.__('Nothing is here.')
    : '';
}

function Entry(props: {
  id: string;
  entry: S3Entry;
  current: boolean;
  onTake: () => void;
}): JSX.Element {
  const now = useNow(CLOCK);
  const { entry } = props;
  return (
    <li
      id={props.id}
      role="option"
      aria-selected={props.current}
      title={entry.uri}
      onClick={props.onTake}
    >
      <span className="smext-Choice-label">{entry.name}</span>
      <span className="smext-muted smext-num">
        {[
          entry.bytes === null ? '' : bytes(entry.bytes),
          entry.modified === null ? '' : time(entry.modified, now)
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
    </li>
  );
}
