import { useVirtualizer } from '@tanstack/react-virtual';
import * as React from 'react';
import type { IListProps } from './list';
import { walk } from './list';

const ROW_HEIGHT = 44;

/** Draws of a long list only what can be seen. */
export default function VirtualList(
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
