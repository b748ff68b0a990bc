// `npm run codegen`, and before `npm run typecheck`.
import { parseArgs } from 'node:util';
import { clientCodegen, codegen } from './prepare/codegen.mjs';
import { generate } from './prepare/generate.mjs';
import { installPackages } from './prepare/install.mjs';

try {
  const { values } = parseArgs({
    options: { force: { type: 'boolean' }, documents: { type: 'string' }, output: { type: 'string' } },
  });
  const { force, documents, output } = values;
  if ((documents === undefined) !== (output === undefined)) {
    throw new Error('--documents=<glob> and --output=<folder>/ belong together.');
  }
  await installPackages('all');
  await generate();
  if (documents !== undefined && output !== undefined) await clientCodegen(documents, output);
  else await codegen({ force });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
