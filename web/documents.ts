import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  type GraphQLObjectType,
  getNullableType,
  isLeafType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import type { Plugin } from 'vite';
import { heatmapOf, recordedNow, recordedSince } from './src/pages/shared/dataset-documents.ts';
import { DATASETS, typesOf } from './src/pages/shared/datasets.ts';

/**
 * The name of the manifest in the folder of the build. The server reads it and does not serve it.
 */
const MANIFEST = 'documents.json';

/** What a page passes to the function `graphql` as a template. */
const DOCUMENT = /\bgraphql\(\s*`([^`]*)`\s*\)/g;

const schemaFile = join(import.meta.dirname, '..', 'schema.graphql');

/**
 * Gives each document of the dashboard its id, by which the page sends it, and writes the manifest
 * by which the server knows the text: `sha256:` and the hash of the text, as the draft of GraphQL
 * over HTTP has it.
 *
 * Some documents are made for each dataset. Their columns are those of schema.graphql.
 */
export function documents(): Plugin {
  const texts = new Map<string, string>();
  const idOf = (text: string): string => {
    const id = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    texts.set(id, text);
    return id;
  };
  return {
    name: 'documents',
    enforce: 'pre',
    config: () => ({ define: { DATASETS_OF_SCHEMA: JSON.stringify(datasetsOfSchema(idOf)) } }),
    transform: {
      filter: { code: 'graphql(' },
      handler: (code, file) =>
        code.replace(DOCUMENT, (_, text: string) => {
          // The text at run time would be another one.
          if (/[\\$]/.test(text.replace(/\$\w/g, '')))
            throw new Error(`${file}: a document has no escapes and no parts.`);
          return `graphql(\`${text}\`, ${JSON.stringify(idOf(text))})`;
        }),
    },
    generateBundle() {
      this.emitFile({
        type: 'asset',
        fileName: MANIFEST,
        source: JSON.stringify(Object.fromEntries([...texts].toSorted()), null, 1),
      });
    },
  };
}

/** Said by every event and of no use in a list. */
const LEFT_OUT = new Set(['id', 'uuid', 'timestamp', 'receivedAt', 'ingestedAt']);

/** The plain columns of each dataset, and the ids of its documents. */
function datasetsOfSchema(idOf: (text: string) => string) {
  const schema = buildSchema(readFileSync(schemaFile, 'utf8'), { assumeValid: true });
  const checked = (text: string) => {
    const [error] = validate(schema, parse(text));
    if (error !== undefined) throw error;
    return idOf(text);
  };
  return Object.fromEntries(
    DATASETS.map((name) => {
      const event = schema.getType(typesOf(name).event);
      if (!isObjectType(event)) throw new Error(`schema.graphql has no type of the events of ${name}.`);
      const columns = plainColumns(event);
      const ids = {
        now: checked(recordedNow(name, columns)),
        since: checked(recordedSince(name, columns)),
        // Only what has measures has a heatmap.
        heatmap: schema.getType(typesOf(name).measure) ? checked(heatmapOf(name)) : null,
      };
      return [name, { columns, ids }];
    }),
  );
}

/** Without those that are long or lead elsewhere. */
function plainColumns(event: GraphQLObjectType): string[] {
  return Object.values(event.getFields())
    .filter(({ name, args, type }) => {
      const leaf = getNullableType(type);
      const isPlain = isLeafType(leaf) && leaf.name !== 'JSON' && leaf.name !== 'Tags';
      return isPlain && args.length === 0 && !LEFT_OUT.has(name);
    })
    .map(({ name }) => name);
}
