const PREFIX = 'smext:claim:';
/** ms after which a claim is forgotten. */
const KEPT = 24 * 3_600_000;

/** True for one of all tabs of this browser that ask for the same thing. */
export async function claim(what: string): Promise<boolean> {
  try {
    // Where there are no locks, two tabs may both win: better than none.
    return (
      (await navigator.locks?.request(PREFIX, () => taken(what))) ?? taken(what)
    );
  } catch (error) {
    return true;
  }
}

function taken(what: string): boolean {
  const now = Date.now();
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(PREFIX) && now - Number(localStorage[key]) > KEPT) {
      localStorage.removeItem(key);
    }
  }
  const key = PREFIX + what;
  if (localStorage.getItem(key) !== null) {
    return false;
  }
  localStorage.setItem(key, String(now));
  return true;
}
