import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { inPackage, root } from './paths.mjs';

/**
 * Runs a program of this package and collects what it prints; its output is only shown when it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>; show?: boolean; shell?: boolean }} [options] show: pass the output on as it comes
 * @returns {Promise<string>} the output
 */
export function run(command, args, { env = {}, show = false, shell = false } = {}) {
  const path = [inPackage('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, ...env },
    shell,
    stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (chunk) => (output += chunk));
  child.stderr?.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      reject(new Error(`${[command, ...args].join(' ')} failed (${how})\n${output}`));
    });
  });
}

/**
 * Runs npm, the one that runs this script if there is one.
 *
 * @param {readonly string[]} args
 */
export async function npm(args) {
  const path = process.env.npm_execpath;
  if (path?.endsWith('.js')) await run(process.execPath, [path, ...args], { show: true });
  else await run('npm', args, { show: true, shell: process.platform === 'win32' });
}

/**
 * @param {string} text what happens now, one short line
 */
export const progress = (text) => process.stderr.write(`telltale: ${text}\n`);
