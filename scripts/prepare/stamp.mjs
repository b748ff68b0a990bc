import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inPackage } from './paths.mjs';

/**
 * All files below a file or folder, in a stable order; none if it does not exist.
 *
 * @param {string} path absolute
 * @param {(path: string) => boolean} [keep] returns false to skip a file or a whole folder
 * @returns {string[]}
 */
export function filesBelow(path, keep = () => true) {
  if (!existsSync(path) || !keep(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name), keep));
}

/**
 * A hash over names and contents: the same inputs give the same stamp on every machine and after
 * every checkout, unlike modification times.
 *
 * @param {readonly string[]} files
 * @param {readonly string[]} [extra] further text that the result depends on
 * @returns {string}
 */
export function contentHash(files, extra = []) {
  const hash = createHash('sha256');
  for (const text of extra) hash.update(text).update('\0');
  for (const file of files) hash.update(file).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/**
 * @param {string} name
 * @returns {string | undefined} the last written value
 */
export function readStamp(name) {
  const file = inPackage('.cache', `${name}.stamp`);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * @param {string} name
 * @param {string} value
 */
export function writeStamp(name, value) {
  mkdirSync(inPackage('.cache'), { recursive: true });
  writeFileSync(inPackage('.cache', `${name}.stamp`), value);
}
