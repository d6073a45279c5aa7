import * as React from 'react';

/** The element that scrolls, of which long lists draw only what it shows. */
export const ScrollContext = React.createContext<HTMLElement | null>(null);

/** From so many rows on only those are drawn that can be seen. */
const LONG = 60;

export interface IListProps {
  count: number;
  label: string;
  idOf: (index: number) => string;
  render: (index: number) => JSX.Element;
}

/** Only an account with much in it needs it. */
const VirtualList = React.lazy(() => import('./virtual'));

/** A list that arrow keys walk through, however long it is. */
export function RowList(props: IListProps): JSX.Element {
  const scroller = React.useContext(ScrollContext);
  return props.count > LONG && scroller ? (
    <React.Suspense fallback={<ShortList {...props} count={LONG} />}>
      <VirtualList {...props} scroller={scroller} />
    </React.Suspense>
  ) : (
    <ShortList {...props} />
  );
}

function ShortList(props: IListProps): JSX.Element {
  return (
    <div role="list" aria-label={props.label} onKeyDown={walk}>
      {Array.from({ length: props.count }, (_, index) => (
        <div role="listitem" key={props.idOf(index)}>
          {props.render(index)}
        </div>
      ))}
    </div>
  );
}

/** Arrow keys move from name to name. */
export function walk(event: React.KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) {
    return;
  }
  const names = Array.from(
    event.currentTarget.querySelectorAll<HTMLElement>('.smext-Row-name')
  );
  const row = (event.target as HTMLElement).closest('.smext-Row');
  const at = names.findIndex(name => row?.contains(name));
  const next = names[at + step];
  if (at >= 0 && next) {
    event.preventDefault();
    next.focus();
  }
}
