import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const built = join(import.meta.dirname, '..', '..', 'dist', 'web');

interface Chunk {
  readonly file: string;
  readonly css?: readonly string[];
  readonly imports?: readonly string[];
}

/** The bytes of the first page, with everything that it loads, compressed with gzip. */
const BUDGET = 120 * 1024;

it('has a first page of at most 120 KB', () => {
  const manifest: Record<string, Chunk> = JSON.parse(
    readFileSync(join(built, '.vite', 'manifest.json'), 'utf8'),
  );
  const files = new Set(['index.html', 'icon.svg']);
  const visited = new Set<string>();
  const visit = (name: string) => {
    const chunk = manifest[name];
    if (chunk === undefined || visited.has(name)) return;
    visited.add(name);
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    for (const other of chunk.imports ?? []) visit(other);
  };
  visit('index.html');
  visit('src/pages/overview/page.tsx');
  expect(visited).toContain('src/pages/overview/page.tsx');
  const bytes = [...files].map((file) => statSync(join(built, `${file}.gz`)).size);
  expect(bytes.length).toBeGreaterThan(5);
  expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThan(BUDGET);
});
