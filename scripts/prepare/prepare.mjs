import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { installPackages } from './install.mjs';
import { makeSqlite, placeSqlite } from './sqlite.mjs';

/**
 * Makes a fresh clone runnable, and does nothing if it already is: installs, generates, builds. If
 * SQLite must be compiled, that happens in parallel. Ends the process with the reason on failure.
 *
 * @param {import('./extent.mjs').Extent} extent of what is installed
 * @param {() => Promise<void>} [make] what is built: the server and the dashboard, unless this is
 * given
 */
export async function prepare(extent, make = build) {
  try {
    const packages = installPackages(extent)
      .then(() => generate())
      .then(make);
    // Waits for both before it reports a failure, so that no compiler keeps running in the
    // background.
    const results = await Promise.allSettled([makeSqlite(), packages]);
    for (const result of results) if (result.status === 'rejected') throw result.reason;
    await placeSqlite();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
