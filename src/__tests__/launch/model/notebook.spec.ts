import type { NotebookContent } from '../../../launch/model/notebook';
import {
  editedCells,
  findOpen,
  serverPath,
  withoutOutputs
} from '../../../launch/model/notebook';

const cell = (source: string | string[], type = 'code') => ({
  cell_type: type,
  source,
  outputs: [{ output_type: 'stream', text: 'secret' }],
  execution_count: 3
});

const notebook = (...cells: ReturnType<typeof cell>[]): NotebookContent => ({
  cells,
  metadata: { kernelspec: { name: 'python3' }, widgets: { state: {} } },
  nbformat: 4
});

describe('a notebook that is sent', () => {
  it('has no outputs, and leaves its original alone', () => {
    const original = notebook(cell('a'));
    const sent = withoutOutputs(original);
    expect(JSON.stringify(sent)).not.toContain('secret');
    expect(sent.metadata).toEqual({ kernelspec: { name: 'python3' } });
    expect(sent.cells?.[0].execution_count).toBeNull();
    expect(JSON.stringify(original)).toContain('secret');
    expect(original.metadata?.widgets).toBeDefined();
  });

  it('may be empty', () => {
    expect(withoutOutputs({}).cells).toEqual([]);
  });
});

describe('edits that are not saved', () => {
  it('are counted by cell', () => {
    const saved = notebook(cell('a'), cell('b'), cell('c'));
    const count = (...cells: ReturnType<typeof cell>[]) =>
      editedCells(saved, notebook(...cells));
    expect(count(cell('a'), cell('b'), cell('c'))).toBe(0);
    expect(count(cell('a'), cell('B'), cell('c'))).toBe(1);
    expect(count(cell('a'), cell('b'), cell('c'), cell('d'))).toBe(1);
    expect(count(cell('a'), cell('c'))).toBe(1);
    expect(count(cell('b'), cell('a'), cell('c'))).toBe(1);
    expect(count(cell('a', 'markdown'), cell('b'), cell('c'))).toBe(1);
  });

  it('do not depend on how the file breaks its lines', () => {
    const saved = notebook(cell(['a\n', 'b']));
    expect(editedCells(saved, notebook(cell('a\nb')))).toBe(0);
  });
});

describe('the path of a notebook', () => {
  const contents = {
    driveName: (path: string) => /^(RTC|Bucket):/.exec(path)?.[1] ?? '',
    localPath: (path: string) => path.replace(/^(RTC|Bucket):/, '')
  };
  it.each([
    ['a/b.ipynb', 'a/b.ipynb'],
    ['RTC:a/b.ipynb', 'a/b.ipynb'],
    ['Bucket:a/b.ipynb', 'Bucket:a/b.ipynb'],
    ['Note: b.ipynb', 'Note: b.ipynb']
  ])('%s is told to the server as %s', (path, told) => {
    expect(serverPath(contents, path)).toBe(told);
  });
});

describe('what is open of a file', () => {
  const openAs = (...paths: string[]) =>
    findOpen('a/b.ipynb', path => paths.find(each => each === path));
  it.each([
    [['a/b.ipynb'], 'a/b.ipynb'],
    [['RTC:a/b.ipynb'], 'RTC:a/b.ipynb'],
    [['RTC:a/b.ipynb', 'a/b.ipynb'], 'a/b.ipynb'],
    [['Bucket:a/b.ipynb', 'b.ipynb'], undefined]
  ])('of %j is %s', (paths, found) => {
    expect(openAs(...paths)).toBe(found);
  });
});
