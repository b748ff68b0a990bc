import { existsSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import imports from '../../.dependency-cruiser.mjs';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { matchesOf, proseOf, readPage } from './support/pages.ts';

const PROSE = proseOf('ARCHITECTURE.md');
/** Folders whose imports the map describes in words, such as "all of the above". */
const IN_WORDS = ['domains', 'background', 'services', 'app', 'commands'];

/** Every file and folder below these folders, by its path in the package. */
const paths = ['src', 'scripts', 'prisma', 'tests', 'docs'].flatMap((root) =>
  readdirSync(inPackage(root), { recursive: true, encoding: 'utf8' }).map((path) => `/${root}/${path}`),
);
const wordsOf = (text: string): string[] => matchesOf(text, /([A-Za-z_$][\w$]*)/g);
const spans = matchesOf(PROSE, /`([^`]+)`/g);
const isPath = (span: string) => /^[\w./-]+(\/|\.(ts|mjs|md|prisma))$/.test(span);

describe('ARCHITECTURE.md', () => {
  it('names only files and folders that exist', () => {
    const named = spans.filter(isPath).map((span) => `/${span.replace(/\/$/, '')}`);
    expect(named.length).toBeGreaterThan(30);
    const missing = named.filter(
      (path) => !existsSync(inPackage(path)) && !paths.some((known) => known.endsWith(path)),
    );
    expect(missing).toEqual([]);
  });

  it('uses only names that occur in the code', () => {
    const sources = paths.filter((path) =>
      /^\/(src|scripts|prisma\/models)\/.+\.(ts|mjs|prisma)$/.test(path),
    );
    const known = new Set(
      [...sources, 'package.json', 'tests/end-to-end/recipes.test.ts'].flatMap((path) =>
        wordsOf(readPage(path)),
      ),
    );
    const named = spans.filter((span) => !isPath(span)).flatMap(wordsOf);
    expect(named.length).toBeGreaterThan(60);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});

interface Allowed {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/**
 * What each folder of `src` may import according to the map: "core, storage, types of config,
 * runtime".
 */
const described = new Map(
  [...PROSE.matchAll(/^\| `(\w+)(?:\/|\.ts)`.*\| ([^|]+) \|$/gm)].map(([, folder, cell = '']) => {
    const [values = '', types = ''] = cell.split('types of ');
    return [folder as string, { values: namesOf(values), types: namesOf(types) }];
  }),
);

function namesOf(list: string): string[] {
  return list === 'nothing of ours' ? [] : wordsOf(list).toSorted();
}

/** The same according to the rules that `npm run lint:imports` enforces. */
function enforced(folder: string): Allowed {
  const targetOf = (name: string) => {
    const rule = imports.forbidden?.find((one) => one.name === `${folder}-${name}`);
    return rule !== undefined && 'to' in rule ? rule.to : undefined;
  };
  const foldersOf = (patterns: unknown) =>
    [patterns ?? []].flat().map((pattern) => String(pattern).replace(/^\^src\/(\w+).*$/, '$1'));
  const all = foldersOf(targetOf('imports')?.pathNot).filter((name) => name !== folder);
  const types = foldersOf(targetOf('imports-types-only')?.path);
  return { values: all.filter((name) => !types.includes(name)).toSorted(), types: types.toSorted() };
}

describe('the map', () => {
  it('has every folder of src', () => {
    const folders = readdirSync(inPackage('src'), { withFileTypes: true });
    const expected = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect([...described.keys(), 'generated']).toEqual(expect.arrayContaining(expected));
  });

  it.each([...described].filter(([folder]) => !IN_WORDS.includes(folder)))(
    'gives %s the imports that npm run lint:imports allows',
    (folder, allowed) => {
      expect(allowed).toEqual(enforced(folder));
    },
  );
});
