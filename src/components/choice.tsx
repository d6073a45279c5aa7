import * as React from 'react';

export type Option = { value: string; label: string; detail?: string };

interface IChoiceProps {
  id: string;
  value: string;
  options: readonly Option[];
  /** What is not among the options is taken as it was typed. */
  onChange: (value: string) => void;
  describedBy?: string;
  invalid?: boolean;
  disabled?: boolean;
}

/** A list that is searched by typing, and that any text may be put into. */
export function Choice(props: IChoiceProps): JSX.Element {
  const { id, onChange, options, value } = props;
  const chosen = options.find(option => option.value === value);
  const [typed, setTyped] = React.useState<string | null>(null);
  const [open, setOpen] = React.useState(false);
  const [at, setAt] = React.useState(0);
  const found = React.useMemo(() => search(options, typed), [options, typed]);
  const list = `${id}-list`;

  const close = (next: string | null) => {
    setOpen(false);
    setTyped(null);
    if (next !== null && next !== value) {
      onChange(next);
    }
  };
  const show = () => {
    setOpen(true);
    setAt(
      Math.max(
        0,
        options.findIndex(option => option.value === value)
      )
    );
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (open) {
        setAt(Math.min(found.length - 1, Math.max(0, at + step)));
      } else {
        show();
      }
    } else if (event.key === 'Enter' && open) {
      event.preventDefault();
      close(found[at]?.value ?? typed);
    } else if (event.key === 'Escape' && open) {
      event.stopPropagation();
      close(null);
    }
  };
  return (
    <div className="smext-Choice">
      <input
        id={id}
        className="smext-Input"
        role="combobox"
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-describedby={props.describedBy}
        aria-invalid={props.invalid}
        disabled={props.disabled}
        aria-activedescendant={open && found[at] ? `${list}-${at}` : undefined}
        autoComplete="off"
        spellCheck={false}
        title={chosen?.label ?? value}
        value={typed ?? chosen?.label ?? value}
        onChange={event => {
          setTyped(event.target.value);
          setOpen(true);
          setAt(0);
        }}
        onClick={event => {
          show();
          event.currentTarget.select();
        }}
        onKeyDown={onKeyDown}
        onBlur={() => close(typed === null ? null : meant(options, typed))}
      />
      {chosen?.detail && typed === null && (
        <span className="smext-Choice-detail smext-num">{chosen.detail}</span>
      )}
      {open && found.length > 0 && (
        <Options list={list} found={found} at={at} onPick={close} />
      )}
    </div>
  );
}

function Options(props: {
  list: string;
  found: Option[];
  at: number;
  onPick: (value: string) => void;
}): JSX.Element {
  const { at, found, list } = props;
  const current = React.useRef<HTMLLIElement>(null);
  React.useEffect(() => {
    current.current?.scrollIntoView?.({ block: 'nearest' });
  }, [at]);
  return (
    <ul className="smext-Choice-list" role="listbox" id={list}>
      {found.map((option, index) => (
        <li
          key={option.value}
          id={`${list}-${index}`}
          ref={index === at ? current : undefined}
          role="option"
          aria-selected={index === at}
          title={option.value}
          // The input would lose the focus, and close the list, before a click.
          onMouseDown={event => event.preventDefault()}
          onClick={() => props.onPick(option.value)}
        >
          <span className="smext-Choice-label">{option.label}</span>
          <span className="smext-muted smext-num">{option.detail}</span>
        </li>
      ))}
    </ul>
  );
}

function search(options: readonly Option[], typed: string | null): Option[] {
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(option => {
    const text = `${option.label}\n${option.value}`.toLowerCase();
    return words.every(word => text.includes(word));
  });
}

function meant(options: readonly Option[], typed: string): string {
  const text = typed.trim();
  const option = options.find(each => each.label === text);
  return option?.value ?? text;
}
