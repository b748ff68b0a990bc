import { expect, test } from 'vitest';
import { startReceiver } from '../alerting/delivery/support/receiver.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { llmCall } from '../support/events.ts';
import { startApp } from '../support/start-app.ts';
import { startProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';
import { isLong, TIMEOUT_MS } from './support/extent.ts';
import { report } from './support/figures.ts';

const WITHIN_MS = 15_000;
/** The short form does not wait for the ends of leases and claims: it sets the clock of the other instance. */
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
const HELD = ['alert-rules', 'health-alerts'];

describeOnlyOn('postgresql', 'the work that one instance does for all', (database) => {
  test('is done by another one when that is killed', { timeout: TIMEOUT_MS }, async () => {
    let forwardMs = 0;
    // The first attempt is never answered: it is under way when its instance dies.
    await using receiver = await startReceiver(
      (response, _request, index) => index > 0 && response.writeHead(204).end(),
    );
    const DATABASE_URL = await database.createMigratedUrl();
    const environment = { WEBHOOK_ALLOWED_ADDRESSES: '127.0.0.1', COLUMN_STORE: 'off' };
    await using first = startProcess(['serve'], { DATABASE_URL, ...environment });
    const url = await first.waitUntilListening();
    for (const query of [RULE, WEBHOOK, RAISE])
      expect(await post(url, { query, variables: { url: receiver.url } })).toMatchObject({
        body: { data: {} },
      });
    await receiver.waitFor(1);
    await using other = await startApp({
      ...{ database, databaseUrl: DATABASE_URL, environment },
      clock: { now: () => Date.now() + forwardMs },
    });
    const { prisma } = other.app.services.store;
    const holders = async () => {
      const leases = await prisma.lease.findMany({ where: { name: { in: HELD } }, orderBy: { name: 'asc' } });
      return leases.map(({ holder }) => holder);
    };
    await expect.poll(holders).toHaveLength(HELD.length);
    const before = await holders();

    first.child.kill('SIGKILL');
    await first.ended;
    const killedAt = performance.now();
    if (!isLong) forwardMs = SET_FORWARD_MS;
    await expect.poll(holders, { interval: 20 }).not.toEqual(expect.arrayContaining([before[0]]));
    await expect.poll(holders, { interval: 20 }).not.toEqual(expect.arrayContaining([before[1]]));
    await receiver.waitFor(2);
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
