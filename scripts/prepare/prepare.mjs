import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { install } from './install.mjs';

/**
 * Makes a fresh clone runnable, and does nothing where it already is: installs, generates, builds. Ends the process with
 * the reason when it cannot.
 */
export async function prepare() {
  try {
    await install();
    await generate();
    await build();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
