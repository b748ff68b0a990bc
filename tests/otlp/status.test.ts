import { afterAll, beforeAll, expect, it } from 'vitest';
import type { MappedBatch } from '../../src/otlp/mapping/mapped.ts';
import { MAX_SENDERS } from '../../src/otlp/status/bound-senders.ts';
import { createOtlpStatus } from '../../src/otlp/status/create-status.ts';
import { createStore } from '../../src/storage/create-store.ts';
import type { Store } from '../../src/storage/store.ts';
import { describeEachDatabase, TEST_SQLITE_READERS } from '../support/databases.ts';
import { createTestClock, type TestClock } from '../support/test-clock.ts';

const DAY_MS = 86_400_000;

const batch = (sender: string, items = 1): MappedBatch => ({
  ...{ sender, items, rejected: 0, problem: null },
  became: new Map([['llmCalls', items]]),
  ignored: new Map([['OTHER_SPAN', { count: 2, example: `SELECT of ${sender}` }]]),
});
const request = (projectId: string, ...batches: MappedBatch[]) => ({
  ...{ projectId, signal: 'TRACES' as const, batches },
});

describeEachDatabase('the counts of what arrived by OTLP', (database) => {
  let store: Store;
  let clock: TestClock;
  const errors: unknown[] = [];
  const open = (given: Pick<Store, 'prisma' | 'query' | 'functions'> = store) =>
    createOtlpStatus({ store: given, clock, log: { error: (details) => errors.push(details) } });

  beforeAll(async () => {
    const url = await database.createMigratedUrl();
    store = await createStore({
      ...{ url, datasets: [], states: [] },
      ...(database.dialect === 'sqlite' && { readers: TEST_SQLITE_READERS }),
    });
    clock = createTestClock('2026-11-30T12:00:00Z');
  });
  afterAll(() => store.close());

  it('cover all instances, and outlast them', async () => {
    const [one, other] = [open(), open()];
    one.noteStored(request('shared', batch('app', 3)), new Map());
    clock.advance(1000);
    other.noteStored(request('shared', batch('app', 4), batch('job')), new Map());
    await Promise.all([one.close(), other.close()]);
    const [first] = await open().read('shared');
    const senders = await open().read('shared');
    expect(senders).toHaveLength(2);
    const app = senders.find(({ sender }) => sender === 'app');
    expect(app).toMatchObject({
      ...{ received: 7, rejected: 0, lastError: null },
      became: [{ dataset: 'llmCalls', events: 7 }],
      ignored: [{ reason: 'OTHER_SPAN', items: 4, example: 'SELECT of app' }],
      firstAt: new Date('2026-11-30T12:00:00Z'),
      lastAt: new Date('2026-11-30T12:00:01Z'),
    });
    expect(first).toBeDefined();
    expect(await open().read('another project')).toEqual([]);
  });

  it('are available to all who read at once', async () => {
    const status = open();
    for (const project of ['this', 'that']) status.noteStored(request(project, batch('app')), new Map());
    const read = await Promise.all(['this', 'that'].map((project) => status.read(project)));
    expect(read).toMatchObject([[{ received: 1 }], [{ received: 1 }]]);
  });

  it('name a limited number of senders per project, and count the others together', async () => {
    for (const from of [0, MAX_SENDERS]) {
      const names = Array.from({ length: MAX_SENDERS }, (_, index) => `app ${from + index}`);
      const status = open();
      status.noteStored(request('many', ...names.map((name) => batch(name))), new Map());
      await status.close();
    }
    const senders = await open().read('many');
    expect(senders).toHaveLength(MAX_SENDERS + 1);
    expect(senders.find(({ sender }) => sender === '(other senders)')).toMatchObject({
      received: MAX_SENDERS,
    });
    expect(errors).toEqual([]);
  });

  it('are kept while the database is unavailable, with secrets masked', async () => {
    const broken = { isAway: true };
    const { prisma, functions } = store;
    const status = open({
      ...{ prisma, functions },
      get query() {
        if (broken.isAway) throw new Error('away');
        return store.query;
      },
    });
    status.noteFailed(request('patient'), 'No: sk-proj-abcdefghijklmnopqrstuvwxyz0123456789 \0 is wrong');
    expect(await status.read('patient')).toEqual([]);
    expect(errors).toHaveLength(1);
    broken.isAway = false;
    const [found] = await status.read('patient');
    expect(found).toMatchObject({ sender: null, failedRequests: 1, received: 0 });
    expect(found?.lastError).not.toContain('abcdefghijklmnop');
  });

  it('limit the names that senders make up, and end if nothing arrives for 30 days', async () => {
    const status = open();
    for (let number = 0; number < 3000; number++)
      status.noteFailed(request('flooded', batch(`sender ${number}`)), 'no');
    const senders = await status.read('flooded');
    expect(senders.length).toBeLessThanOrEqual(2001);
    const failed = senders.reduce((sum, { failedRequests }) => sum + failedRequests, 0);
    expect(failed, 'each is counted').toBe(3000);
    clock.advance(31 * DAY_MS);
    expect(await status.read('flooded')).toEqual([]);
  });
});
