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
    // Waits for both before it reports a failure, so that no compiler keeps running in the
    // background.
    const results = await Promise.allSettled([installSqlite(), generate().then(build)]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
