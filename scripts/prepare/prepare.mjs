import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { installPackages, installSqlite } from './install.mjs';

/**
 * Makes a fresh clone runnable, and does nothing where it already is: installs, generates, builds.
 * SQLite is compiled while the rest goes on. Ends the process with the reason when it cannot.
 *
 * @param {import('./extent.mjs').Extent} extent of what is installed
 */
export async function prepare(extent) {
  try {
    await installPackages(extent);
    // Both come to an end before a reason is given: a compiler must not run on without anybody who
    // waits for it.
    const results = await Promise.allSettled([installSqlite(), generate().then(build)]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
