// Does what `prisma generate` does for the named schemas, with the same packages. Prisma's CLI
// includes a studio, a development server and drivers, which a server does not need. generate.mjs
// runs this as a separate process.
import { createRequire } from 'node:module';

// The ES modules of these packages import paths that Node does not resolve (7.10.0); Prisma's CLI
// uses their CommonJS.
const require = createRequire(import.meta.url);
/** @type {typeof import('@prisma/client-generator-ts')} */
const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
/** @type {typeof import('@prisma/internals')} */
const { getGenerators, loadSchemaContext } = require('@prisma/internals');
/** @type {{ enginesVersion: string }} */
const { enginesVersion } = require('@prisma/engines-version');

/** @type {import('@prisma/internals').GeneratorRegistry} */
const registry = { 'prisma-client': { type: 'in-process', generator: new PrismaClientTsGenerator() } };

for (const schema of process.argv.slice(2)) {
  const schemaContext = await loadSchemaContext({
    schemaPath: { cliProvidedPath: schema },
    printLoadMessage: false,
  });
  const generators = await getGenerators({
    schemaContext,
    registry,
    version: enginesVersion,
    cliCommand: 'generate',
    skipDownload: true,
  });
  for (const generator of generators) {
    await generator.generate();
    generator.stop();
  }
}
