import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { run } from '../prepare/run.mjs';
import { readUrl } from './server.mjs';

/** @type {import('./runtime.mjs').Runtime} */
export const next = {
  name: 'next',
  packages: ['next@16', 'react@19', 'react-dom@19', 'typescript@5', '@types/react@19', '@types/node@20'],
  tried: ['next'],
  async run({ folder, server, project }) {
    const program = join(folder, 'node_modules', 'next', 'dist', 'bin', 'next');
    const env = {
      ...process.env,
      TELLTALE_URL: server.url,
      TELLTALE_KEY: project.key,
      NEXT_TELEMETRY_DISABLED: '1',
    };
    await run(process.execPath, [program, 'build', folder], { env });
    const args = [program, 'start', folder, '--port=0', '--hostname=127.0.0.1'];
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const url = await readUrl(child, /http:\/\/127\.0\.0\.1:\d+/);
      const get = (/** @type {string} */ path) => fetch(`${url}${path}`, { redirect: 'manual' });
      for (const path of ['/api/shops/7', '/api/fault', '/api/gone', '/api/edge', '/broken']) await get(path);
      await expectRows(project);
    } finally {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    return 'next build and next start: route handlers in Node and at the edge, redirect(), onRequestError, after()';
  },
};

/** @param {import('./server.mjs').Project} project */
async function expectRows(project) {
  const {
    requestLogs = [],
    llmCalls = [],
    errorLogs = [],
  } = await project.waitFor(
    (rows) => rows.requestLogs?.length === 4 && rows.llmCalls?.length === 2 && rows.errorLogs?.length === 2,
  );
  assert.deepEqual(requestLogs.map(({ endpoint, statusCode }) => `${endpoint} ${statusCode}`).sort(), [
    ...['/api/edge 200', '/api/fault 500', '/api/gone 307', '/api/shops/[id] 200'],
  ]);
  // Also after an await.
  for (const [wanted, within] of [
    ['of shop 7', '/api/shops/[id]'],
    ['at the edge', '/api/edge'],
  ]) {
    const { requestId } = requestLogs.find(({ endpoint }) => endpoint === within) ?? {};
    assert.equal(llmCalls.find(({ model }) => model === wanted)?.requestId, requestId);
  }
  assert.deepEqual(
    errorLogs.map(({ errorMessage, attributes }) => `${errorMessage}, ${attributes.routePath}`).sort(),
    ['a handler that breaks, /api/fault', 'a page that breaks, /broken'],
  );
}
