import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildClient } from '../../scripts/prepare/client.mjs';
import { inPackage } from '../../scripts/prepare/paths.mjs';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/start-process.ts';
import { hang } from './support/ingest-server.ts';
import { withIngestServer } from './support/open-client.ts';

const test = withIngestServer();
const folder = mkdtempSync(join(tmpdir(), 'telltale-exit-'));
beforeAll(buildClient);
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that opens a client for `url` and uses it. */
function start(url: string, options: object, work: string) {
  const main = join(folder, 'program.mjs');
  const client = pathToFileURL(inPackage('client', 'dist', 'esm', 'node.js')).href;
  writeFileSync(
    main,
    `import { createTelltale } from '${client}';
     const onError = ({ kind, code, count }) => {
       if (kind !== 'RETRYING' && code !== 'QUEUE_FULL') console.log(kind, code, count);
     };
     const telltale = createTelltale({ url: '${url}', onError, ...${JSON.stringify(options)} });
     const record = (count) => {
       for (let n = 0; n < count; n++) telltale.llmCall({ provider: 'openai', model: 'gpt-4o', latencyMs: n });
     };
     ${work}`,
  );
  return startProcess([], {}, { main });
}

describe('a process that ends', () => {
  it('first sends what is left, for any number of clients', async () => {
    const { url } = test.server;
    const another = `createTelltale({ url: '${url}' }).llmCall({ provider: 'openai', model: 'gpt-4o', latencyMs: 1 })`;
    await using program = start(url, {}, `record(3); for (let n = 0; n < 12; n++) ${another};`);
    expect(await program.ended, program.stderr).toBe(0);
    expect(test.server.recorded).toHaveLength(15);
    // Node warns if there are more than ten listeners.
    expect(program.stderr).toBe('');
  });

  it('ends although its server is unreachable, and says what is lost', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await using program = start(url, { exitTimeoutMs: 100 }, 'record(3);');
    expect(await program.ended, program.stderr).toBe(0);
    expect(program.stdout).toBe('DROPPED EXIT 3\n');
  });

  it('ends although its server hangs', async () => {
    test.server.reply(hang, hang, hang, hang, hang, hang);
    await using program = start(test.server.url, { exitTimeoutMs: 100, timeoutMs: 100 }, 'record(3);');
    expect(await program.ended, program.stderr).toBe(0);
    expect(program.stdout).toBe('DROPPED EXIT 3\n');
  });

  it('sends what is left at the signals that were named, and ends as these signals end it', async () => {
    const work = `record(3); setInterval(() => {}, 1000); setImmediate(() => process.kill(process.pid, 'SIGTERM'));`;
    await using program = start(test.server.url, { signals: ['SIGTERM'] }, work);
    expect(await program.ended, program.stderr).toBe('SIGTERM');
    expect(test.server.recorded).toHaveLength(3);
    await using plain = start(test.server.url, {}, work);
    expect(await plain.ended).toBe('SIGTERM');
    expect(test.server.recorded).toHaveLength(3);
  });
});

describe('100,000 events for a server that is away', () => {
  it('take less than 50 MB, and each is counted', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const work = `
      record(1000);
      await telltale.flush({ timeoutMs: 1 });
      const before = process.memoryUsage().rss;
      let most = 0;
      for (let round = 0; round < 99; round++) {
        record(1000);
        await new Promise(setImmediate);
        most = Math.max(most, process.memoryUsage().rss);
      }
      const { recorded, dropped, pending, sent } = telltale.stats();
      console.log('RESULT', JSON.stringify({ recorded, dropped, pending, sent, mb: (most - before) / 1e6 }));`;
    await using program = start(url, { exitTimeoutMs: 50 }, work);
    expect(await program.ended, program.stderr).toBe(0);
    const { mb, ...counts } = JSON.parse(/RESULT (.+)/.exec(program.stdout)?.[1] ?? '{}');
    expect(counts).toEqual({ recorded: 100_000, dropped: 90_000, pending: 10_000, sent: 0 });
    expect(mb).toBeLessThan(50);
    process.stdout.write(`100,000 events for a dead server: ${Math.round(mb)} MB more\n`);
  });
});
