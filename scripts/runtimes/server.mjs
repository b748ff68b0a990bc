import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { inPackage } from '../prepare/paths.mjs';

const run = promisify(execFile);
const main = inPackage('dist', 'main.js');

/**
 * @typedef {Readonly<Record<string, readonly Record<string, any>[]>>} Rows by dataset
 * @typedef {{ key: string; readKey: string; rows: () => Promise<Rows>; waitFor: (isThere: (rows:
 *   Rows) => boolean) => Promise<Rows> }} Project key: of scope INGEST; readKey: of scope READ
 * @typedef {{ url: string; project: (name: string) => Promise<Project>; stop: () => Promise<void>
 * }} Server
 */

/**
 * Starts a server with an empty database, whose requests need keys.
 *
 * @param {Record<string, string>} environment
 * @returns {Promise<Server>}
 */
export async function startServer(environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-runtimes-data-'));
  const env = {
    PATH: process.env.PATH,
    DATABASE_URL: `file:${join(folder, 'telltale.db')}`,
    PORT: '0',
    SELF_MONITORING: 'off',
    ...environment,
  };
  const child = spawn(process.execPath, [main, 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const url = await readUrl(child, /http:\/\/[\w.:]+(?=\/graphql)/);
  const createKey = async (/** @type {string} */ project, /** @type {string} */ scope) => {
    const args = ['keys', 'create', `--project=${project}`, `--scope=${scope}`, '--json'];
    return JSON.parse((await run(process.execPath, [main, ...args], { env })).stdout).text;
  };
  return {
    url,
    async project(name) {
      const [key, readKey] = [await createKey(name, 'ingest'), await createKey(name, 'read')];
      const rows = () => readRows(url, readKey);
      return { key, readKey, rows, waitFor: (isThere) => waitFor(rows, isThere) };
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

/**
 * Resolves with the URL that a program prints when it listens.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {RegExp} pattern
 * @returns {Promise<string>}
 */
export function readUrl(child, pattern) {
  let output = '';
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`It ended with ${code} and said: ${output}`)));
    child.stdout?.on('data', (text) => {
      output += text;
      const found = pattern.exec(output)?.[0];
      if (found !== undefined) resolve(found);
    });
  });
}

const ROWS = `{
  llmCalls(first: 500, orderBy: { field: TIMESTAMP, direction: DESC }) { totalCount nodes {
    model provider requestId endUser service success errorType promptTokens completionTokens cachedPromptTokens
    reasoningTokens streaming finishReason toolCallCount
  } }
  requestLogs(first: 500, orderBy: { field: TIMESTAMP, direction: DESC }) { nodes { endpoint method statusCode requestId service } }
  errorLogs(first: 500, orderBy: { field: TIMESTAMP, direction: DESC }) { nodes { errorType errorMessage requestId service attributes } }
}`;

/** @param {string} url @param {string} key @returns {Promise<Rows>} */
async function readRows(url, key) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: ROWS }),
  });
  const { data, errors } = await response.json();
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return Object.fromEntries(Object.keys(data).map((name) => [name, data[name].nodes]));
}

const patienceMs = 20_000;

/** @param {() => Promise<Rows>} rows @param {(rows: Rows) => boolean} isThere */
async function waitFor(rows, isThere) {
  const until = Date.now() + patienceMs;
  for (;;) {
    const found = await rows();
    if (isThere(found)) return found;
    if (Date.now() > until) throw new Error(`What was waited for did not come. There is:\n${shorten(found)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** @param {Rows} rows */
const shorten = (rows) =>
  Object.entries(rows)
    .map(
      ([name, all]) =>
        `${name}: ${all.length}\n${all
          .slice(-10)
          .map((row) => JSON.stringify(row))
          .join('\n')}`,
    )
    .join('\n');
