// `npm run test:citus [-- files]`: runs tests of database code on a Citus of three nodes, which it
// creates in temporary folders: a coordinator and two workers. Requires a PostgreSQL with Citus;
// without one, it says so and tests nothing. CI does not run it. `tests/support/citus.ts` lists
// what cannot be tested there, and why.
import { pathToFileURL } from 'node:url';
import { findCitus, NO_CITUS } from './databases/find-citus.mjs';
import { inPackage, root } from './prepare/paths.mjs';
import { prepare } from './prepare/prepare.mjs';

const folders = [
  ...[
    'access',
    'alerting',
    'analytics',
    'costs',
    'domains',
    'filter',
    'graphql',
    'health',
    'ingest',
    'instances',
    'integrity',
  ],
  ...['lists', 'monitoring', 'otlp', 'retention', 'rollups', 'storage', 'transfer'],
];

const binaries = findCitus();
if (binaries === null) {
  process.stdout.write(`${NO_CITUS} Nothing was tested.\n`);
} else {
  process.env['CITUS_BINARIES'] = binaries;
  process.env['TEST_CITUS'] = '1';
  process.env['DIALECTS'] = 'postgresql';
  await prepare('all');
  process.chdir(root);
  const vitest = inPackage('node_modules', 'vitest', 'vitest.mjs');
  const given = process.argv.slice(2);
  const files = given.length > 0 ? given : folders.map((folder) => `tests/${folder}/`);
  process.argv = [process.execPath, vitest, 'run', ...files];
  await import(pathToFileURL(vitest).href);
}
