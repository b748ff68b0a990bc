// `npm run lint:imports`: the import rules of .dependency-cruiser.mjs. It fails if it
// finds no modules.
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import configuration from '../.dependency-cruiser.mjs';
import { inPackage, root } from './prepare/paths.mjs';

process.chdir(root);
const { options, forbidden } = configuration;
const { output } = await cruise(
  ['src'],
  { ...options, ruleSet: { forbidden }, validate: true, outputType: 'json' },
  undefined,
  { tsConfig: extractTsConfig(inPackage('tsconfig.build.json')) },
);
/** @type {import('dependency-cruiser').ICruiseResult} */
const { summary, modules } = JSON.parse(String(output));

const seen = modules.filter((module) => module.source.startsWith('src/')).length;
for (const { rule, from, to } of summary.violations) console.error(`${rule.name}: ${from} -> ${to}`);
console.log(
  `${seen} modules, ${summary.totalDependenciesCruised} imports, ${summary.violations.length} violations`,
);
if (seen === 0) console.error('No modules were seen: the check itself is broken.');
process.exitCode = seen === 0 || summary.violations.length > 0 ? 1 : 0;
