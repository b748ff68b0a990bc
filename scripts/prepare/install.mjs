import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { inPackage } from './paths.mjs';
import { npm, progress } from './run.mjs';

/**
 * @typedef {{ version?: string; integrity?: string; optional?: boolean; devOptional?: boolean; peer?: boolean }} LockedPackage
 */

const runtimeFile = inPackage('node_modules', '.cache', 'telltale-runtime');

/** Native modules are compiled for one platform and one ABI of Node. */
const runtime = `${process.platform} ${process.arch} ${process.versions.modules}`;

/** Installs what package-lock.json names, unless it is there. */
export async function install() {
  if (isInstalled()) return;
  progress('installing packages (once, a few minutes)');
  await npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeRuntime();
}

function isInstalled() {
  const installedFile = inPackage('node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  if (!existsSync(runtimeFile)) writeRuntime();
  return readFileSync(runtimeFile, 'utf8') === runtime && matchesLock(installedFile);
}

/**
 * npm keeps a record of what it installed in node_modules; it is compared with the lock file, so that an install by
 * hand counts and a changed lock file is noticed. Optional packages may be missing: they are for other platforms.
 *
 * @param {string} installedFile
 */
function matchesLock(installedFile) {
  const installed = packagesOf(installedFile);
  return Object.entries(packagesOf(inPackage('package-lock.json'))).every(([path, locked]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return Boolean(locked.optional || locked.devOptional || locked.peer);
    return found.version === locked.version && found.integrity === locked.integrity;
  });
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

function writeRuntime() {
  mkdirSync(dirname(runtimeFile), { recursive: true });
  writeFileSync(runtimeFile, runtime);
}
