import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exclusively } from './lock.mjs';
import { npmInstall } from './npm-install.mjs';
import { inPackage } from './paths.mjs';

/**
 * How much of package-lock.json is needed. `serving`: its dependencies, which generate, build and serve; `all`: the
 * devDependencies as well, which test, lint, measure and write migrations.
 *
 * @typedef {'serving' | 'all'} Extent
 * @typedef {{ version?: string; integrity?: string; dev?: boolean; optional?: boolean; devOptional?: boolean; peer?: boolean;
 *   os?: string[]; cpu?: string[]; dependencies?: Record<string, string>; devDependencies?: Record<string, string> }} LockedPackage
 */

const runtimeFile = inPackage('node_modules', '.cache', 'telltale-runtime');

/** Native modules are made for one platform and one ABI of Node. */
const runtime = `${process.platform} ${process.arch} ${process.versions.modules}`;

/**
 * Installs what package-lock.json names, unless it is there. What is there for serving stays when the rest is added, so that a
 * server may run meanwhile.
 *
 * @param {Extent} extent
 */
export async function install(extent) {
  if (isInstalled(extent)) return;
  await exclusively(async () => {
    if (isInstalled(extent)) return;
    if (extent === 'serving') {
      await npmInstall(
        'installing packages',
        ['ci', '--omit=dev', '--include=optional'],
        countLocked(extent),
      );
    } else if (isInstalled('serving')) {
      const missing = countLocked('all') - countLocked('serving');
      await npmInstall(
        'installing packages of development',
        ['install', '--no-save', ...everything],
        missing,
      );
    } else {
      await npmInstall('installing packages', ['ci', ...everything], countLocked(extent));
    }
    writeRuntime();
  });
}

/** Also where NODE_ENV is `production`. */
const everything = ['--include=dev', '--include=optional'];

/** @param {Extent} extent */
function isInstalled(extent) {
  const installedFile = inPackage('node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  if (!existsSync(runtimeFile)) writeRuntime();
  return readFileSync(runtimeFile, 'utf8') === runtime && matchesLock(installedFile, extent);
}

/**
 * npm keeps a record of what it installed in node_modules; it is compared with the lock file, so that an install by
 * hand counts and a changed lock file is noticed. Optional packages that package.json does not name may be missing: they are for
 * other platforms.
 *
 * @param {string} installedFile
 * @param {Extent} extent
 */
function matchesLock(installedFile, extent) {
  const installed = packagesOf(installedFile);
  const locked = packagesOf(inPackage('package-lock.json'));
  const { dependencies = {}, devDependencies = {} } = locked[''] ?? {};
  const isNamed = (/** @type {string} */ path) => {
    const name = path.replace('node_modules/', '');
    return name in dependencies || name in devDependencies;
  };
  return Object.entries(locked).every(([path, wanted]) => {
    if (path === '' || !isIn(extent, wanted)) return true;
    const found = installed[path];
    if (found === undefined) return !isNamed(path) && isOptional(wanted);
    return found.version === wanted.version && found.integrity === wanted.integrity;
  });
}

/**
 * @param {Extent} extent
 * @param {LockedPackage} wanted
 */
const isIn = (extent, { dev }) => extent === 'all' || !dev;

/** @param {LockedPackage} wanted */
const isOptional = ({ optional, devOptional, peer }) => Boolean(optional || devOptional || peer);

/**
 * @param {Extent} extent
 * @returns {number} the packages for this platform
 */
const countLocked = (extent) =>
  Object.entries(packagesOf(inPackage('package-lock.json'))).filter(
    ([path, wanted]) => path !== '' && isIn(extent, wanted) && isForHere(wanted),
  ).length;

/** @param {LockedPackage} wanted */
const isForHere = ({ os = [process.platform], cpu = [process.arch] }) =>
  os.includes(process.platform) && cpu.includes(process.arch);

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function writeRuntime() {
  mkdirSync(dirname(runtimeFile), { recursive: true });
  writeFileSync(runtimeFile, runtime);
}
