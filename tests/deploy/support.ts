import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';

export const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** The text of a file of the project. */
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/**
 * The files below a folder of the project whose names have this ending, by their paths in the
 * project.
 */
export const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => `${folder}/${name}`)
    .sort();

// biome-ignore lint/suspicious/noExplicitAny: documents are looked into by matchers
type Any = any;

/** The documents of a YAML file. @throws Error for invalid YAML, including repeated keys. */
export function documentsOf(path: string): Any[] {
  return parseAllDocuments(textOf(path)).map((document) => {
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    return document.toJS();
  });
}

/**
 * Wraps a document so that it records which keys are read. A key that a schema validator does not
 * read is unknown to the schema.
 */
export function watchReads(document: object): { readonly watched: object; unread(): string[] } {
  const all = new Set<string>();
  const read = new Set<string>();
  const wrap = (value: unknown, path: string): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    for (const key of Object.keys(value)) all.add(`${path}/${key}`);
    const parts = Object.fromEntries(
      Object.entries(value).map(([key, part]) => [key, wrap(part, `${path}/${key}`)]),
    );
    return new Proxy(Array.isArray(value) ? Object.values(parts) : parts, {
      get(target, key) {
        read.add(`${path}/${String(key)}`);
        return Reflect.get(target, key);
      },
    });
  };
  return { watched: wrap(document, '') as object, unread: () => [...all].filter((path) => !read.has(path)) };
}
