import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inPackage } from './paths.mjs';

const LICENSE = /^(licen[cs]e|copying|notice)(\.|-|$)/i;

/**
 * The licences of the packages that a bundle contains, as text: redistributing the packages
 * requires redistributing them.
 *
 * @param {readonly string[]} inputs the paths of its modules
 * @returns {string}
 */
export function noticesOf(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found !== null) folders.add(found[1]);
  }
  const notices = [...folders].sort().map((folder) => noticeOf(inPackage(folder)));
  return `${['# Licences of the packages that are part of these files', ...notices].join('\n\n')}\n`;
}

/** @param {string} folder */
function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const files = readdirSync(folder).filter((file) => LICENSE.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return [`## ${name} ${version} (${license})`, ...texts].join('\n\n');
}
