import type { Contents } from '@jupyterlab/services';

/** A notebook as nbformat 4 JSON, as much of it as matters here. */
export type NotebookContent = {
  cells?: CellContent[];
  metadata?: Record<string, unknown>;
  [member: string]: unknown;
};

type CellContent = {
  cell_type: string;
  source: string | string[];
  [member: string]: unknown;
};

/** Drives that show the server's own files. */
const OWN_DRIVES = ['', 'RTC'];

/**
 * A notebook's path as the server knows it: below its root, and with the
 * drive's name where it lies on a drive that is not the server's.
 */
export function serverPath(
  contents: Pick<Contents.IManager, 'driveName' | 'localPath'>,
  path: string
): string {
  const own = OWN_DRIVES.includes(contents.driveName(path));
  return own ? contents.localPath(path) : path;
}

/**
 * What is open of a file that the server knows by this path: as one of its own
 * files, or shared with others through a drive of it.
 */
export function findOpen<T>(
  path: string,
  find: (path: string) => T | undefined
): T | undefined {
  for (const drive of OWN_DRIVES) {
    const found = find(drive ? `${drive}:${path}` : path);
    if (found) {
      return found;
    }
  }
  return undefined;
}

/** A copy without what earlier runs left in it: that is not sent anywhere. */
export function withoutOutputs(content: NotebookContent): NotebookContent {
  const metadata = { ...content.metadata };
  delete metadata.widgets;
  return {
    ...content,
    metadata,
    cells: (content.cells ?? []).map(cell =>
      cell.cell_type === 'code'
        ? { ...cell, outputs: [], execution_count: null }
        : cell
    )
  };
}

/** In how many cells the screen differs from the file. */
export function editedCells(
  saved: NotebookContent,
  shown: NotebookContent
): number {
  const before = (saved.cells ?? []).map(identity);
  const after = (shown.cells ?? []).map(identity);
  const left = count(before);
  let kept = 0;
  for (const cell of after) {
    const rest = left.get(cell) ?? 0;
    if (rest > 0) {
      left.set(cell, rest - 1);
      kept += 1;
    }
  }
  const edits = Math.max(before.length, after.length) - kept;
  const moved = edits === 0 && before.join('\0') !== after.join('\0');
  return moved ? 1 : edits;
}

function identity(cell: CellContent): string {
  const source = Array.isArray(cell.source)
    ? cell.source.join('')
    : cell.source;
  return `${cell.cell_type}\n${source}`;
}

function count(cells: string[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const cell of cells) {
    found.set(cell, (found.get(cell) ?? 0) + 1);
  }
  return found;
}
