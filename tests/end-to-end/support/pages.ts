import { readFileSync } from 'node:fs';
import { inPackage } from '../../../scripts/prepare/paths.mjs';

/** The text of a file, by its path in the package. */
export const readPage = (path: string): string => readFileSync(inPackage(path), 'utf8');

/** The text of a page without its blocks of code. */
export const proseOf = (path: string): string => readPage(path).replaceAll(/^ *```.*?^ *```$/gms, '');

/** The first group of each match. */
export const matchesOf = (text: string, pattern: RegExp): string[] =>
  [...text.matchAll(pattern)].map(([, found]) => found as string);
