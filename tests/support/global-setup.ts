import { build } from '../../scripts/prepare/build.mjs';
import { generate } from '../../scripts/prepare/generate.mjs';

/** Before any test: the generated clients and dist are fresh. Worker threads run the plain JavaScript of dist. */
export async function setup(): Promise<void> {
  await generate();
  await build();
}
