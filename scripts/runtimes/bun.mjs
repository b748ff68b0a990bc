import assert from 'node:assert/strict';
import { join } from 'node:path';
import { run } from '../prepare/run.mjs';

/** @type {import('./runtime.mjs').Runtime} */
export const bun = {
  name: 'bun',
  packages: ['bun@1', 'hono@4', 'graphql-ws@6', 'graphql@16'],
  tried: ['bun'],
  async run({ folder, server, project }) {
    const env = { TELLTALE_URL: server.url, TELLTALE_KEY: project.key, TELLTALE_READ_KEY: project.readKey };
    const output = await run(join(folder, 'node_modules', '.bin', 'bun'), [join(folder, 'main.ts')], { env });
    const { flushed, live } = JSON.parse(output);
    assert.deepEqual(flushed, { sent: 402, rejected: 0, dropped: 0, pending: 0 });
    assert.equal(live, 'string');
    const { llmCalls = [], requestLogs } = await project.rows();
    const [request] = requestLogs ?? [];
    assert.equal(request?.endpoint, '/shops/:id');
    const within = llmCalls.find(({ model }) => model === 'within a request');
    assert.equal(within?.requestId, request?.requestId);
    assert.equal(llmCalls.filter(({ model }) => model === 'one of many').length, 400);
    assert.ok(
      llmCalls.some(({ model }) => model === 'at the end'),
      'what is recorded last is sent',
    );
    return 'contexts, Hono, gzip, a subscription, the end of the process';
  },
};
