import type { NotebookPanel } from '@jupyterlab/notebook';

/** A code cell below the active one, which becomes the active one; it is not run. */
export function insertCell(panel: NotebookPanel, source: string): void {
  const notebook = panel.content;
  const shared = notebook.model?.sharedModel;
  if (!shared) {
    return;
  }
  const at = Math.min(notebook.activeCellIndex + 1, shared.cells.length);
  shared.insertCell(at, {
    cell_type: 'code',
    metadata: { trusted: true },
    source
  });
  notebook.activeCellIndex = at;
  notebook.deselectAll();
}
