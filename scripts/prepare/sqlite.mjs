import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { withDependencies } from './extent.mjs';
import { runtime } from './install.mjs';
import { exclusively, whileNobodyCompiles } from './lock.mjs';
import { npmInstall, npmRebuild } from './npm-install.mjs';
import { inPackage } from './paths.mjs';
import { run } from './run.mjs';

/**
 * Node with Node-API 10 uses better-sqlite3-13, which includes its native module
 * (src/storage/dialect/sqlite/driver.ts). This file provides the module of better-sqlite3.
 */
const isReadyMade = Number(process.versions.napi) >= 10;
const readyMade = inPackage('node_modules', 'better-sqlite3-13');

const name = 'better-sqlite3';
const built = join('build', 'Release', 'better_sqlite3.node');
const module = inPackage('node_modules', name, built);
/** Says which Node the module beside it is for. npm removes both when it reinstalls the package. */
const mark = inPackage('node_modules', name, 'build', '.whole');

/** The folder for compilation. */
const workshop = inPackage('.cache', 'sqlite');

/**
 * Provides SQLite's native module below .cache, unless it is there or installed: fetches it
 * ready-made, or compiles it if that cannot be reached. This needs none of the other packages, so
 * they may be installed meanwhile, and the module survives their reinstallation.
 */
export async function makeSqlite() {
  if (isReadyMade) return;
  // At once, before an installation can remove it.
  keepCopy();
  if (await isInPlace()) return;
  const packages = withDependencies(lockedPackages(), `node_modules/${name}`);
  const made = madeFile(packages[`node_modules/${name}`]?.version);
  await whileNobodyCompiles(async () => {
    if (existsSync(made)) return;
    rmSync(workshop, { recursive: true, force: true });
    mkdirSync(workshop, { recursive: true });
    const dependencies = { [name]: packages[`node_modules/${name}`]?.version };
    const own = { private: true, dependencies, allowScripts: { [name]: true } };
    const lock = { lockfileVersion: 3, requires: true, packages: { '': own, ...packages } };
    writeFileSync(join(workshop, 'package.json'), JSON.stringify(own));
    writeFileSync(join(workshop, 'package-lock.json'), JSON.stringify(lock));
    await npmInstall('fetching SQLite', ['ci', '--ignore-scripts', '--prefix', workshop]);
    await npmRebuild(name, 'fetching SQLite ready-made, or compiling it', ['--prefix', workshop]);
    renameSync(join(workshop, 'node_modules', name, built), made);
    rmSync(workshop, { recursive: true });
  });
}

/**
 * Puts the module where better-sqlite3 looks for it, once the packages are installed.
 *
 * @throws {Error} if npm left out the package that brings the module
 */
export async function placeSqlite() {
  if (isReadyMade) {
    if (existsSync(readyMade)) return;
    throw new Error(
      'npm left better-sqlite3-13 out, which it does if the package cannot be fetched: run npm ci.',
    );
  }
  if (!(await isInPlace())) {
    await makeSqlite();
    const made = madeFile(lockedPackages()[`node_modules/${name}`]?.version);
    await exclusively(async () => {
      mkdirSync(dirname(module), { recursive: true });
      copyFileSync(made, `${module}.coming`);
      renameSync(`${module}.coming`, module);
    });
  }
  writeFileSync(mark, runtime);
}

/** `npm ci` by hand compiles it as well, and an interrupted one leaves it incomplete. */
async function isInPlace() {
  if (!existsSync(module)) return false;
  if (isMarked()) return true;
  return run(process.execPath, ['-e', `require(${JSON.stringify(module)})`]).then(
    () => true,
    () => false,
  );
}

const isMarked = () => existsSync(mark) && readFileSync(mark, 'utf8') === runtime;

/** npm removes the module when it reinstalls the packages, so a copy of it stays below .cache. */
function keepCopy() {
  if (!existsSync(module) || !isMarked()) return;
  const { version } = JSON.parse(readFileSync(inPackage('node_modules', name, 'package.json'), 'utf8'));
  const made = madeFile(version);
  if (existsSync(made)) return;
  mkdirSync(dirname(made), { recursive: true });
  copyFileSync(module, `${made}.coming`);
  renameSync(`${made}.coming`, made);
}

/**
 * @param {string | undefined} version
 * @returns {string} a native module is specific to one version, one platform and one ABI of Node
 */
const madeFile = (version) => {
  const { platform, arch, versions } = process;
  return inPackage('.cache', `sqlite-${version}-${platform}-${arch}-${versions.modules}.node`);
};

/** @returns {import('./extent.mjs').Packages} */
const lockedPackages = () => JSON.parse(readFileSync(inPackage('package-lock.json'), 'utf8')).packages;
