import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { inPackage, root } from './paths.mjs';

/**
 * Runs a program of this package and collects what it prints, which is only shown when it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: Record<string, string | undefined>; shell?: boolean; onOutput?: (text: string) =>
 *   void }} [options] onOutput: receives the output as it arrives
 * @returns {Promise<string>} the output
 */
export function run(command, args, { env = {}, shell = false, onOutput = () => {} } = {}) {
  const path = [inPackage('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const child = spawn(command, args, {
    cwd: root,
    env: { ...process.env, PATH: path, ...env },
    shell,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (/** @type {Buffer} */ chunk) => {
      output += chunk;
      onOutput(String(chunk));
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(output);
      const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
      reject(new Error(`${[command, ...args].join(' ')} failed (${how})\n${output}`));
    });
  });
}

/** @param {string} text describes the current step in one short line */
export const progress = (text) => process.stderr.write(`telltale: ${text}\n`);
