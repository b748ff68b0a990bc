import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { inPackage, root } from './paths.mjs';
import { filesBelow } from './stamp.mjs';

/** A template that is passed to the function `graphql`, or that follows the comment GraphQL. */
const document = /(?:\bgraphql\(\s*|\/\*\s*GraphQL\s*\*\/\s*)`([^`]*)`/gi;

/**
 * @param {string} folder within the package
 * @param {string} generated what codegen writes there, which has copies of the documents
 * @returns {{ file: string, documents: string[] }[]} the files that have documents, by paths from
 *   the package's root
 */
export function documentsBelow(folder, generated) {
  return filesBelow(inPackage(folder), (path) => path !== inPackage(generated))
    .filter((file) => /[.]tsx?$/.test(file))
    .map((file) => ({
      file: relative(root, file).replaceAll(sep, '/'),
      documents: [...readFileSync(file, 'utf8').matchAll(document)].map((match) => match[1] ?? ''),
    }))
    .filter(({ documents }) => documents.length > 0);
}
