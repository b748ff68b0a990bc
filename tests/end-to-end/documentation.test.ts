import { readdirSync, readFileSync } from 'node:fs';
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

  it('are seen with their documents', () => {
    expect(documentsOf('README.md').length).toBeGreaterThan(10);
    expect(documentsOf('docs/alerts.md').length).toBeGreaterThan(10);
  });
});
