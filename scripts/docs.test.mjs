import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (path) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

describe('what the viewer does', () => {
  const cells = [...read('docs/viewer.md').matchAll(/\]\(\.\.\/([^)]+)\) \*([^*]+)\*/g)].map(([, path, title]) => [
    path,
    title,
  ]);

  it('is shown by tests', () => expect(cells.length).toBeGreaterThan(40));

  it.each(cells)('%s: %s', (path, title) => {
    expect(read(path)).toContain(title);
  });
});
