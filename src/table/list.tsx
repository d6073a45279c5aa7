import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';

/** The element that scrolls, of which long lists draw only what it shows. */
export const ScrollContext = React.createContext<HTMLElement | null>(null);

/** From so many rows on only those are drawn that can be seen. */
const LONG = 60;
const ROW_HEIGHT = 44;

interface IListProps {
  count: number;
  label: string;
  idOf: (index: number) => string;
  render: (index: number) => JSX.Element;
}

/** A list that arrow keys walk through, however long it is. */
export function RowList(props: IListProps): JSX.Element {
  const scroller = React.useContext(ScrollContext);
  return props.count > LONG && scroller ? (
    <VirtualList {...props} scroller={scroller} />
  ) : (
    <div role="list" aria-label={props.label} onKeyDown={walk}>
      {Array.from({ length: props.count }, (_, index) => (
        <div role="listitem" key={props.idOf(index)}>
          {props.render(index)}
        </div>
      ))}
    </div>
  );
}

function VirtualList(
  props: IListProps & { scroller: HTMLElement }
): JSX.Element {
  const { count, idOf, scroller } = props;
  const list = React.useRef<HTMLDivElement>(null);
  const margin = useOffset(list, scroller);
  const virtual = useVirtualizer({
    count,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: idOf,
    getScrollElement: () => scroller,
    overscan: 12,
    scrollMargin: margin
  });
  return (
    <div
      ref={list}
      role="list"
      aria-label={props.label}
      className="smext-VirtualList"
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={walk}
    >
      {virtual.getVirtualItems().map(item => (
        <div
          key={item.key}
          ref={virtual.measureElement}
          data-index={item.index}
          role="listitem"
          aria-setsize={count}
          aria-posinset={item.index + 1}
          style={{ transform: `translateY(${item.start - margin}px)` }}
        >
          {props.render(item.index)}
        </div>
      ))}
    </div>
  );
}

/** How far the list's top lies below the top of what scrolls. */
function useOffset(
  list: React.RefObject<HTMLElement>,
  scroller: HTMLElement
): number {
  const [offset, setOffset] = React.useState(0);
  React.useLayoutEffect(() => {
    const measure = () => {
      if (list.current) {
        const top = list.current.getBoundingClientRect().top;
        const base = scroller.getBoundingClientRect().top;
        setOffset(Math.round(top - base + scroller.scrollTop));
      }
    };
    measure();
    // What stands above may grow or fold without this list being drawn anew.
    const observer = new ResizeObserver(measure);
    Array.from(scroller.children).forEach(child => observer.observe(child));
    return () => observer.disconnect();
  }, [list, scroller]);
  return offset;
}

/** Arrow keys move from name to name. */
function walk(event: React.KeyboardEvent<HTMLElement>): void {
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
