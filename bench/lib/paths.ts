import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Keeps databases that take long to build between runs. Git ignores it. */
export const CACHE = join(ROOT, '.cache', 'bench');

/**
 * Imports a module of the server, whose type is the type argument. Threads of the server run the
 * build in dist.
 *
 * @example const { createStore } = await fromSource<typeof
 *   import('../../src/storage/create-store.ts')>('storage/create-store.ts');
 */
export function fromSource<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(ROOT, 'src', path)).href) as Promise<Module>;
}
