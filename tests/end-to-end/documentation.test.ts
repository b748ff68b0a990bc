import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { createSchema } from '../../src/schema.ts';

const guides = ['README.md', ...readdirSync(inPackage('docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
);

/** What readers copy: blocks of GraphQL, and the `query` of what curl sends. */
function documentsOf(path: string): string[] {
  const text = readFileSync(inPackage(path), 'utf8');
  const blocks = [...text.matchAll(/```graphql\n(.+?)```/gs)].map(([, document]) => document as string);
  const sent = [...text.matchAll(/ -d '(\{.+?\n\})'/gs)].map(([, body]) => JSON.parse(body as string).query);
  return [...blocks, ...sent];
}

describe('the guides', () => {
  const schema = createSchema();

  it.each(guides)('%s shows only what the schema has', (path) => {
    for (const document of documentsOf(path)) {
      expect(
        validate(schema, parse(document)).map(({ message }) => message),
        document,
      ).toEqual([]);
    }
  });

  it('have documents that the test finds', () => {
    expect(documentsOf('README.md').length).toBeGreaterThan(10);
    expect(documentsOf('docs/alerts.md').length).toBeGreaterThan(10);
  });
});

const PAGES_OF_DEVELOPERS = ['ARCHITECTURE.md', 'DEVELOPERS.md', 'CONTRIBUTING.md'];
const decisions = readdirSync(inPackage('docs', 'decisions')).map((name) => `docs/decisions/${name}`);
const pages = [...guides, ...PAGES_OF_DEVELOPERS, ...decisions];

const readPage = (path: string): string => readFileSync(inPackage(path), 'utf8');
/** A page without its blocks of code. */
const proseOf = (path: string): string => readPage(path).replaceAll(/^ *```.*?^ *```$/gms, '');
const matchesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found as string);
const wordsOf = (text: string): string[] => matchesOf(text, /([A-Za-z_$][\w$]*)/g);

/** Every file and folder below these folders, by its path in the package. */
const paths = ['src', 'scripts', 'prisma', 'tests', 'docs'].flatMap((root) =>
  readdirSync(inPackage(root), { recursive: true, encoding: 'utf8' }).map((path) => `/${root}/${path}`),
);

describe('the pages', () => {
  it.each(pages)('%s links only to files that exist', (page) => {
    const targets = matchesOf(proseOf(page), /\]\((?!https?:)([^)#]+)/g);
    expect(targets.filter((target) => !existsSync(inPackage(dirname(page), target)))).toEqual([]);
  });

  it.each(pages)('%s names only npm scripts that exist', (page) => {
    const { scripts } = JSON.parse(readPage('package.json'));
    const named = matchesOf(readPage(page), /npm run (?:--silent )?([a-z][\w:]*)/g);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe('ARCHITECTURE.md', () => {
  const spans = matchesOf(proseOf('ARCHITECTURE.md'), /`([^`]+)`/g);
  const isPath = (span: string) => /^[\w./-]+(\/|\.(ts|mjs|md|prisma))$/.test(span);

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
