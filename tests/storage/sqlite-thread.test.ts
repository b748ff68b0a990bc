import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SqliteError, startThread, type Thread } from '../../src/storage/dialect/sqlite/thread.ts';
import { startingThreads } from '../../src/storage/dialect/thread-source.ts';
import { StorageUnavailable } from '../../src/storage/errors.ts';

/** The threads of this worker. */
const from = (file: string) => ({ threads: startingThreads(pathToFileURL(file)) });
const statement = (sql: string) => ({ kind: 'statement', sql, parameters: [] }) as const;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'telltale-thread-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('a database thread', () => {
  /** A thread that answers like the test's worker. */
  async function start(body: string): Promise<{ thread: Thread; died: Promise<Error> }> {
    const file = join(folder, `${body.length}.mjs`);
    await writeFile(file, `import { parentPort } from 'node:worker_threads';\n${body}`);
    return new Promise((resolve) => {
      const died = new Promise<Error>((report) => {
        const data = { file: '', role: 'reader', datasets: [] } as const;
        queueMicrotask(() => resolve({ thread: startThread(data, report, from(file)), died }));
      });
    });
  }

  test('rejects its requests, and later ones, when it ends', async () => {
    const { thread, died } = await start(`parentPort.on('message', () => process.exit(3));`);
    const asked = [thread.request(statement('select 1')), thread.request(statement('select 2'))];
    for (const request of asked)
      await expect(request).rejects.toThrow(/thread has ended: it ended with code 3/);
    expect(await died).toBeInstanceOf(StorageUnavailable);
    await expect(thread.request(statement('select 3'))).rejects.toThrow(StorageUnavailable);
    await thread.close();
  });

  test('reports why it has ended if it throws outside of a request', async () => {
    const { thread, died } = await start(
      `parentPort.on('message', () => { throw new Error('out of order'); });`,
    );
    await expect(thread.request(statement('select 1'))).rejects.toThrow(/out of order/);
    expect((await died).message).toMatch(/out of order/);
  });

  test('returns the code of an error of the database', async () => {
    const { thread } = await start(
      `parentPort.on('message', ({ number, request }) => {
        parentPort.postMessage(request.kind === 'close' ? { number, value: null } : { number, error: { message: 'no', code: 'SQLITE_BUSY' } });
        if (request.kind === 'close') parentPort.close();
      });`,
    );
    await expect(thread.request(statement('select 1'))).rejects.toMatchObject({
      code: 'SQLITE_BUSY',
    } satisfies Partial<SqliteError>);
    await Promise.all([thread.close(), thread.close()]);
  });
});
