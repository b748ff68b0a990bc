import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The repository's root. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Databases that are costly to build stay here between runs; ignored by git. */
export const CACHE = join(ROOT, '.cache', 'bench');

/**
 * A module of the server; its threads run the build in dist. The type argument names it.
 *
 * @example const { createStore } = await fromSource<typeof
 * import('../../src/storage/create-store.ts')>('storage/create-store.ts');
 */
export function fromSource<Module>(path: string): Promise<Module> {
  return import(pathToFileURL(join(ROOT, 'src', path)).href) as Promise<Module>;
}
