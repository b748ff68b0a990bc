import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Databases that are costly to build stay here between runs; ignored by git. */
export const CACHE = join(ROOT, '.cache', 'bench');

/**
 * A module of the built server: what users run, with threads that need plain JavaScript. The type argument names its source.
 *
 * @example const { createStore } = await fromDist<typeof import('../../src/storage/create-store.ts')>('storage/create-store.js');
 */
export function fromDist<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(ROOT, 'dist', path)).href) as Promise<Module>;
}
