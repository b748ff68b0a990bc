// `npm run lint:imports`: the import rules of .dependency-cruiser.mjs. It fails if it
// finds no modules.
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import configuration from '../.dependency-cruiser.mjs';
import { codegen } from './prepare/codegen.mjs';
import { inPackage, root } from './prepare/paths.mjs';

process.chdir(root);
// The client and the dashboard import what codegen writes.
await codegen();
const { options, forbidden } = configuration;
const { output } = await cruise(
  ['src', 'client/src', 'web/src'],
  { ...options, ruleSet: { forbidden }, validate: true, outputType: 'json' },
  undefined,
  { tsConfig: extractTsConfig(inPackage('tsconfig.build.json')) },
);
/** @type {import('dependency-cruiser').ICruiseResult} */
const { summary, modules } = JSON.parse(String(output));

const below = (/** @type {string} */ folder) =>
  modules.filter(({ source }) => source.startsWith(folder)).length;
const seen = below('src/');
const seenOfClient = below('client/src/');
const seenOfWeb = below('web/src/');
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
console.log(
  `${seen} modules, ${seenOfClient} of the client, ${seenOfWeb} of the dashboard, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} violations`,
);
const isBlind = [seen, seenOfClient, seenOfWeb].includes(0);
if (isBlind) console.error('No modules were seen: the check itself is broken.');
process.exitCode = isBlind || summary.violations.length > 0 ? 1 : 0;
