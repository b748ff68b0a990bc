import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { beforeEach, expect, inject, test } from 'vitest';
import { startReceiver } from '../alerting/delivery/support/receiver.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { startApp } from '../support/start-app.ts';
import { startProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';
import { announceCase, isLong, TIMEOUT_MS } from './support/extent.ts';
import { report } from './support/figures.ts';
import { createEndlessDump, holdUpRetention } from './support/held-up.ts';

const WITHIN_MS = 15_000;
/**
 * The short form does not wait until leases and claims end, but sets the clock of the other
 * instance.
 */
const SET_FORWARD_MS = 10_001;
const WEBHOOK = `mutation ($url: String!) {
  createWebhook(input: { webhookId: "on-call", url: $url }) { webhook { webhookId } }
}`;
const RULE = `mutation { createAlertRule(input: {
  ruleId: "busy", name: "Many calls", dataset: "llmCalls", aggregate: COUNT, comparator: GT, warning: 2, window: "PT1M"
}) { rule { ruleId } } }`;
const RAISE = `mutation { raiseAlert(input: {
  alertId: "by-hand", type: SYSTEM, severity: WARNING, title: "By hand", message: "Somebody raised it", source: "test"
}) { alert { alertId } } }`;
const CALLS = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
beforeEach(announceCase);

const HELD = ['alert-rules', 'backups-under-way', 'health-alerts', 'retention'];

describeOnlyOn('postgresql', 'the work that one instance does for all', (database) => {
  test('moves to another instance when the first is killed', { timeout: TIMEOUT_MS }, async () => {
    let forwardMs = 0;
    // The first attempt is never answered, so it is in progress when its instance dies.
    await using receiver = await startReceiver(
      (response, _request, index) => index > 0 && response.writeHead(204).end(),
    );
    const DATABASE_URL = await database.createMigratedUrl();
    await using expired = await holdUpRetention(DATABASE_URL);
    await using dumps = await createEndlessDump(join(inject('databaseFolder'), randomUUID()), DATABASE_URL);
    const environment = { ...dumps.environment, WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1', COLUMN_STORE: 'off' };
    await using first = startProcess(['serve'], { DATABASE_URL, ...environment });
    const url = await first.waitUntilListening();
    for (const query of [RULE, WEBHOOK, RAISE])
      expect(await post(url, { query, variables: { url: receiver.url } })).toMatchObject({
        body: { data: {} },
      });
    await receiver.waitFor(1);
    const names = async () => (await expired.holders(HELD)).map(({ name }) => name);
    await expect.poll(names).toEqual(HELD);
    await expect.poll(dumps.begun).toBe(1);
    const before = await expired.holders(HELD);
    await using other = await startApp({
      ...{ database, databaseUrl: DATABASE_URL, environment },
      clock: { now: () => Date.now() + forwardMs },
    });
    const { prisma } = other.app.services.store;
    first.child.kill('SIGKILL');
    await first.ended;
    await expired.letGo();
    const killedAt = performance.now();
    if (!isLong) forwardMs = SET_FORWARD_MS;
    await expect.poll(() => prisma.lease.count({ where: { OR: [...before] } }), { interval: 20 }).toBe(0);
    await receiver.waitFor(2);
    await expect.poll(() => prisma.llmCall.count()).toBe(0);
    await expect.poll(dumps.begun).toBe(2);
    const movedMs = performance.now() - killedAt;
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual(
      Array(2).fill(receiver.received[0]?.headers['webhook-id']),
    );
    const timestamp = new Date(Date.now() + forwardMs).toISOString();
    await other.query(CALLS, { input: [1, 2, 3].map(() => llmCall({ timestamp })) });
    await expect
      .poll(async () => (await prisma.alert.findMany({ where: { source: 'rule:busy' } })).length)
      .toBe(1);
    if (!isLong) return;
    expect(movedMs).toBeLessThan(WITHIN_MS);
    report('the work of a killed instance', { movedMs: Math.round(movedMs), bar: WITHIN_MS });
  });
});
