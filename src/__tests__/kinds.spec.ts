import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

const ROOT = join(__dirname, '..', '..');
// The wire knows the places where a server may run, and one is called like a kind.
const GENERATED = 'generated.ts';

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      return entry.name === '__tests__' ? [] : sources(path);
    }
    const written = /\.tsx?$/.test(entry.name) && entry.name !== GENERATED;
    return written ? [path] : [];
  });
}

/** The names under which the server half knows its kinds. */
function kindNames(): string[] {
  const folder = join(ROOT, 'smext', 'kinds');
  return readdirSync(folder)
    .filter(file => file.endsWith('.py'))
    .flatMap(file => {
      const text = readFileSync(join(folder, file), 'utf8');
      return [...text.matchAll(/^ {4}name="([a-z-]+)",$/gm)].map(
        match => match[1]
      );
    });
}

describe('the views', () => {
  it('name no kind, so that a new one needs none of them', () => {
    const names = kindNames();
    expect(names.length).toBeGreaterThan(3);
    for (const path of sources(join(ROOT, 'src'))) {
      const text = readFileSync(path, 'utf8');
      const named = names.filter(name =>
        [`'${name}'`, `"${name}"`, `\`${name}\``].some(each =>
          text.includes(each)
        )
      );
      expect([path, named]).toEqual([path, []]);
    }
  });
});
