const MARK = '⚠ ';

/** Mark the page's title until the page is seen. */
export function markTitle(): void {
  if (document.title.startsWith(MARK)) {
    return;
  }
  document.title = MARK + document.title;
  const onVisibility = () => {
    if (!document.hidden) {
      document.removeEventListener('visibilitychange', onVisibility);
      if (document.title.startsWith(MARK)) {
        document.title = document.title.slice(MARK.length);
      }
    }
  };
  document.addEventListener('visibilitychange', onVisibility);
}
