import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';

/** @type {import('./runtime.mjs').Runtime} */
export const workers = {
  name: 'workers',
  packages: ['workerd@1', 'hono@4'],
  tried: ['workerd'],
  async run({ folder, server, project }) {
    await bundle(folder);
    const child = spawn(
      join(folder, 'node_modules', '.bin', 'workerd'),
      ['serve', join(folder, 'config.capnp'), '--control-fd=3'],
      {
        env: { ...process.env, TELLTALE_URL: server.url, TELLTALE_KEY: project.key },
        stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
      },
    );
    try {
      const ports = await readPorts(child, 2);
      for (const [service, port] of ports) {
        for (const path of ['/shops/7', '/many', '/fault']) await fetch(`http://127.0.0.1:${port}${path}`);
        await expectRows(project, service);
      }
    } finally {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    return 'with and without nodejs_compat: waitUntil, Hono, gzip, a fault; contexts after an await with it';
  },
};

/** Bundles like Wrangler. @param {string} folder */
const bundle = (folder) =>
  build({
    entryPoints: [join(folder, 'worker.js')],
    outfile: join(folder, 'bundle.js'),
    bundle: true,
    format: 'esm',
    target: 'es2024',
    conditions: ['workerd', 'worker', 'browser'],
    logLevel: 'error',
  });

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} count
 * @returns {Promise<Map<string, number>>} by socket
 */
async function readPorts(child, count) {
  const ports = new Map();
  const control = /** @type {import('node:stream').Readable} */ (child.stdio[3]);
  for await (const line of createInterface(control)) {
    const { event, socket, port } = JSON.parse(line);
    if (event === 'listen') ports.set(socket, port);
    if (ports.size === count) return ports;
  }
  throw new Error('workerd ended before it listened.');
}

/** @param {import('./server.mjs').Project} project @param {string} service */
async function expectRows(project, service) {
  const of = (/** @type {readonly Record<string, any>[] | undefined} */ rows) =>
    (rows ?? []).filter((row) => row.service === service);
  const rows = await project.waitFor(
    ({ llmCalls, requestLogs, errorLogs }) =>
      of(llmCalls).length === 202 && of(requestLogs).length === 3 && of(errorLogs).length === 1,
  );
  const requests = of(rows.requestLogs);
  assert.deepEqual(requests.map(({ endpoint, statusCode }) => `${endpoint} ${statusCode}`).sort(), [
    '/fault 500',
    '/many 200',
    '/shops/:id 200',
  ]);
  const { requestId } = requests.find(({ endpoint }) => endpoint === '/shops/:id') ?? {};
  const idOf = (/** @type {string} */ wanted) =>
    of(rows.llmCalls).find(({ model }) => model === wanted)?.requestId;
  assert.equal(idOf('at once'), requestId);
  assert.equal(idOf('after an await'), service === 'with-node' ? requestId : null);
  assert.equal(of(rows.errorLogs)[0]?.errorType, 'RangeError');
}
