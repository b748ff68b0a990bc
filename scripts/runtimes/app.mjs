import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmInstall } from '../prepare/npm-install.mjs';
import { inPackage } from '../prepare/paths.mjs';
import { Skipped } from './runtime.mjs';

/**
 * @typedef {{ folder: string; version: (name: string) => string }} App version: returns that of an
 *   installed package
 */

const UNREACHABLE = /\b(?:E404|ETARGET|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT)\b/;

/**
 * Makes a separate app from `client/runtimes/<name>`, with these packages, and the client from its
 * tarball. Packages installed before stay.
 *
 * @param {string} within the folder of all apps
 * @param {{ name: string; packages: readonly string[]; tarball: string }} what packages: as
 *   arguments of npm
 * @returns {Promise<App>}
 */
export async function makeApp(within, { name, packages, tarball }) {
  const folder = join(within, name);
  mkdirSync(folder, { recursive: true });
  // npm would take the client with the same version for the same package.
  rmSync(join(folder, 'node_modules', '@telltale'), { recursive: true, force: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const args = ['install', '--prefix', folder, '--no-package-lock', ...packages, tarball];
  try {
    await npmInstall(`installing ${[...packages, 'the client'].join(', ')}`, args);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    if (!UNREACHABLE.test(cause)) throw error;
    throw new Skipped(`${packages.join(', ')} cannot be had from the registry`);
  }
  cpSync(inPackage('client', 'runtimes', name), folder, { recursive: true });
  const version = (/** @type {string} */ of) =>
    JSON.parse(readFileSync(join(folder, 'node_modules', of, 'package.json'), 'utf8')).version;
  return { folder, version };
}
