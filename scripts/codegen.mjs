// `npm run codegen`, and before `npm run typecheck`.
import { codegen } from './prepare/codegen.mjs';
import { generate } from './prepare/generate.mjs';
import { installPackages } from './prepare/install.mjs';

try {
  await installPackages('all');
  await generate();
  await codegen({ force: process.argv.includes('--force') });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
