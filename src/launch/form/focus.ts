/** Puts the focus into the control of a field, wherever it is in the page of `from`. */
export function jumpTo(from: Element, field: string): void {
  const page = from.closest('.smext-Page');
  const place = page?.querySelector<HTMLElement>(
    `[data-field="${CSS.escape(field)}"]`
  );
  if (!place) {
    return;
  }
  for (
    let around: Element | null = place;
    around && around !== page;
    around = around.parentElement
  ) {
    if (around instanceof HTMLDetailsElement) {
      around.open = true;
    }
  }
  place.scrollIntoView({ block: 'center' });
  const control = place.querySelector<HTMLElement>(
    'input:not(:disabled), textarea:not(:disabled), select:not(:disabled), button:not(:disabled)'
  );
  control?.focus({ preventScroll: true });
}

/** The first of some fields as they stand on the page. */
export function firstShown(
  page: Element,
  fields: ReadonlySet<string>
): string | null {
  for (const place of page.querySelectorAll<HTMLElement>('[data-field]')) {
    const { field } = place.dataset;
    if (field && fields.has(field)) {
      return field;
    }
  }
  return null;
}
