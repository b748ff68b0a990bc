import { build } from './build.mjs';
import { generate } from './generate.mjs';
import { install } from './install.mjs';

/** Makes a fresh clone runnable, and does nothing where it already is: installs, generates, builds. */
export async function prepare() {
  await install();
  await generate();
  await build();
}
