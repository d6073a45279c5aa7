import * as React from 'react';

/** The rows in the order in which they were shown; new ones come last. */
export function asShown<T>(
  rows: readonly T[],
  shown: readonly string[],
  idOf: (row: T) => string
): T[] {
  const places = new Map(shown.map((id, place) => [id, place]));
  const placeOf = (row: T) => places.get(idOf(row)) ?? shown.length;
  return [...rows].sort((a, b) => placeOf(a) - placeOf(b));
}

/**
 * The rows in their own order, but as they were shown while somebody points at
 * the list: what is about to be pressed does not move away.
 */
export function useSteadyOrder<T>(
  rows: readonly T[],
  idOf: (row: T) => string
): {
  rows: readonly T[];
  hold: Pick<
    React.HTMLAttributes<HTMLElement>,
    'onPointerEnter' | 'onPointerLeave' | 'onFocus' | 'onBlur'
  >;
} {
  const [pointed, point] = React.useState(false);
  const [focused, focus] = React.useState(false);
  const shown = React.useRef<string[]>([]);
  const steady = pointed || focused ? asShown(rows, shown.current, idOf) : rows;
  React.useEffect(() => {
    shown.current = steady.map(idOf);
  });
  return {
    rows: steady,
    hold: {
      onPointerEnter: () => point(true),
      onPointerLeave: () => point(false),
      onFocus: () => focus(true),
      onBlur: event => {
        if (!event.currentTarget.contains(event.relatedTarget)) {
          focus(false);
        }
      }
    }
  };
}
