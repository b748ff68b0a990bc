import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { isUnused, prune } from '../../scripts/prepare/prune.mjs';

const ROOT = join(import.meta.dirname, '..', '..');
const GENERATED = join(ROOT, 'src', 'generated');

describe('isUnused', () => {
  it('keeps what the generated clients import', () => {
    const imported = readdirSync(GENERATED, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [
        ...readFileSync(join(GENERATED, path), 'utf8').matchAll(
          /["'](@prisma\/client\/runtime\/[^"']+)["']/g,
        ),
      ])
      .map(([, path]) => path as string);
    expect(imported.filter((path) => path.includes('query_compiler'))).toHaveLength(4);
    expect(imported.filter((path) => isUnused(path, 'serving'))).toEqual([]);
  });

  it.each([
    ['@prisma/client/runtime/query_compiler_fast_bg.mysql.wasm-base64.mjs', true, true],
    ['@prisma/client/runtime/query_compiler_small_bg.sqlite.wasm-base64.mjs', true, true],
    ['@prisma/client/runtime/query_compiler_fast_bg.sqlite.wasm-base64.js', true, true],
    ['@prisma/client/runtime/client.mjs', false, false],
    ['@graphql-yoga/render-graphiql/cjs', true, true],
    ['@graphql-yoga/render-graphiql/esm', false, false],
    ['pg/lib/client.js.map', true, true],
    ['pg/lib/client.d.ts', false, false],
    ['concat-map', false, false],
    ['typescript', true, false],
    ['typescript-7', false, false],
  ])('%s: serving %s, all %s', (path, serving, all) => {
    expect([isUnused(path, 'serving'), isUnused(path, 'all')]).toEqual([serving, all]);
  });
});

describe('prune', () => {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });

  it('removes files and whole folders, keeps the rest, and may run again', () => {
    const folder = mkdtempSync(join(tmpdir(), 'telltale-prune-'));
    folders.push(folder);
    const files = [
      'typescript/lib/tsc.js',
      'effect/src/Effect.ts',
      'effect/dist/cjs/Effect.js',
      'pg/a.js',
      'pg/a.js.map',
    ];
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), '');
    }
    prune('all', folder);
    const left = () => files.filter((file) => existsSync(join(folder, file)));
    expect(left()).toEqual(['typescript/lib/tsc.js', 'effect/dist/cjs/Effect.js', 'pg/a.js']);
    for (let run = 0; run < 2; run++) prune('serving', folder);
    expect(left()).toEqual(['effect/dist/cjs/Effect.js', 'pg/a.js']);
  });
});
