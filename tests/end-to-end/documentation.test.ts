import { existsSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { createSchema } from '../../src/schema.ts';
import { matchesOf, proseOf, readPage } from './support/pages.ts';

const guides = ['README.md', ...readdirSync(inPackage('docs')).map((name) => `docs/${name}`)].filter((path) =>
  path.endsWith('.md'),
);

/** The documents that readers copy: blocks of GraphQL, and the `query` that curl sends. */
function documentsOf(path: string): string[] {
  const text = readPage(path);
  // Grafana replaces its macros by numbers.
  const blocks = [...text.matchAll(/```graphql\n(.+?)```/gs)].map(([, document]) =>
    (document as string).replace(/\$\{__\w+\}/g, '1'),
  );
  const sent = [...text.matchAll(/ -d '(\{.+?\n\})'/gs)].map(([, body]) => JSON.parse(body as string).query);
  // Requests to OTLP contain no document.
  return [...blocks, ...sent.filter((query) => query !== undefined)];
}

describe('the guides', () => {
  const schema = createSchema();

  it.each(guides)('%s shows only what is in the schema', (path) => {
    for (const document of documentsOf(path)) {
      expect(
        validate(schema, parse(document)).map(({ message }) => message),
        document,
      ).toEqual([]);
    }
  });

  it('contain documents that the test finds', () => {
    expect(documentsOf('README.md').length).toBeGreaterThan(10);
    expect(documentsOf('docs/alerts.md').length).toBeGreaterThan(10);
  });
});

const PAGES_OF_DEVELOPERS = ['ARCHITECTURE.md', 'DEVELOPERS.md', 'CONTRIBUTING.md'];
const decisions = readdirSync(inPackage('docs', 'decisions')).map((name) => `docs/decisions/${name}`);
const pages = [...guides, ...PAGES_OF_DEVELOPERS, ...decisions];

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
