import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

export type Files = Readonly<Record<string, string>>;

/**
 * Returns a function that writes files below a new root and returns the root. Everything is removed
 * after the tests of the file.
 */
export function usePlantedFiles(): (files: Files) => string {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-planted-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  return (files) => {
    const root = mkdtempSync(join(folder, 'root-'));
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return root;
  };
}
