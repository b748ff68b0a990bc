import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { install } from './install.mjs';

/**
 * Makes a fresh clone runnable, and does nothing where it already is: installs, generates, builds. Ends the process with
 * the reason when it cannot.
 *
 * @param {import('./install.mjs').Extent} extent of what is installed
 */
export async function prepare(extent) {
  try {
    await install(extent);
    await generate();
    await build();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
