// `npm run test:faults [-- files or arguments of Vitest]`: the long form of the fault tests, one file after
// the other, and what they found. docs/faults.md says what they try. FAULTS_SEED=7 repeats a run;
// as root on Linux they fill disks as well.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'telltale-faults-'));
const file = join(folder, 'report');
Object.assign(process.env, { FAULTS: 'long', FAULTS_REPORT: file });
process.on('exit', () => {
  if (existsSync(file)) process.stdout.write(`\n${readFileSync(file, 'utf8')}`);
  rmSync(folder, { recursive: true });
});
const namesFiles = process.argv.slice(2).some((argument) => !argument.startsWith('-'));
process.argv.push(...(namesFiles ? [] : ['tests/faults']), '--no-file-parallelism');
await import('./test.mjs');
