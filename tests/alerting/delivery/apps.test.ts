import { expect, it } from 'vitest';
import { describeEachDatabase, describeOneDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startApp, type TestApp } from '../../support/start-app.ts';
import { startProcess } from '../../support/start-process.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { startMailServer } from './support/mail-server.ts';
import { type Received, type Receiver, startReceiver, verified } from './support/receiver.ts';
import { ALLOWED } from './support/worker.ts';

const CREATE = 'mutation ($input: CreateWebhookInput!) { createWebhook(input: $input) { secret } }';
const TEST =
  'mutation ($input: SendTestAlertInput!) { sendTestAlert(input: $input) { delivery { messageId } } }';
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const DELIVERIES = `query ($webhookId: String!) { webhook(webhookId: $webhookId) {
  deliveries(first: 500, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { messageId attempt status statusCode } }
} }`;

type Query = TestApp['query'];
interface Delivery {
  readonly messageId: string;
  readonly attempt: number;
  readonly status: string;
}

/** Several instances send to a webhook at the same time. */
const SENT = 12;
/** Each query goes through the whole server. */
const PATIENTLY = { interval: 100 };

const idOf = ({ headers }: Received) => String(headers['webhook-id']);

async function addWebhook(query: Query, webhookId: string, { url }: Receiver): Promise<string> {
  const input = { webhookId, url };
  const { createWebhook } = await query<{ createWebhook: { secret: string } }>(CREATE, { input });
  return createWebhook.secret;
}

/** Returns the id of the message. */
async function sendTest(query: Query, webhookId: string): Promise<string> {
  const input = { webhookId };
  const answer = await query<{ sendTestAlert: { delivery: Delivery } }>(TEST, { input });
  return answer.sendTestAlert.delivery.messageId;
}

async function deliveriesOf(query: Query, webhookId: string): Promise<readonly Delivery[]> {
  const { webhook } = await query<{ webhook: { deliveries: { nodes: Delivery[] } } }>(DELIVERIES, {
    webhookId,
  });
  return webhook.deliveries.nodes;
}

describeEachDatabase('servers that notify webhooks', (database) => {
  it('make each attempt once, however many servers share a database, and take over what others left', async () => {
    const attempts = new Map<string, number>();
    await using receiver = await startReceiver((response, request) => {
      const attempt = (attempts.get(idOf(request)) ?? 0) + 1;
      attempts.set(idOf(request), attempt);
      response.writeHead(attempt === 1 ? 500 : 204).end();
    });
    const clock = createTestClock(Date.now());
    await using first = await startApp({ database, environment: ALLOWED, clock });
    const { databaseUrl } = first;
    await using second = await startApp({ database, databaseUrl, environment: ALLOWED, clock });
    const secret = await addWebhook(first.query, 'on-call', receiver);
    const sent = await Promise.all(
      Array.from({ length: SENT }, (_, index) => sendTest(index % 2 ? first.query : second.query, 'on-call')),
    );
    await receiver.waitFor(SENT);
    const statuses = async () =>
      (await deliveriesOf(first.query, 'on-call')).map(({ attempt, status }) => `${attempt} ${status}`);
    const each = (text: string) => Array<string>(SENT).fill(text);
    await expect
      .poll(async () => (await statuses()).sort(), PATIENTLY)
      .toEqual([...each('1 FAILED'), ...each('2 SCHEDULED')]);
    // No event announces that these are due, so both instances find them by polling.
    clock.advance(10_000);
    await expect
      .poll(async () => (await statuses()).sort(), PATIENTLY)
      .toEqual([...each('1 FAILED'), ...each('2 DELIVERED')]);
    expect(attempts).toEqual(new Map(sent.map((messageId) => [messageId, 2])));
    for (const request of receiver.received)
      expect(verified(request, secret)).toMatchObject({ type: 'alert.test' });
  });

  it('record events and notify others while a receiver never answers, and can still be stopped', async () => {
    await using dead = await startReceiver(() => undefined);
    await using alive = await startReceiver();
    const environment = { ...ALLOWED, SHUTDOWN_GRACE_MS: '0' };
    const app = await startApp({ database, environment });
    try {
      await addWebhook(app.query, 'dead', dead);
      await addWebhook(app.query, 'alive', alive);
      for (let index = 0; index < 6; index++) await sendTest(app.query, 'dead');
      await dead.waitFor(4);
      const input = Array.from({ length: 100 }, () => llmCall());
      expect(await app.query(RECORD, { input })).toEqual({ recordLlmCalls: { accepted: 100 } });
      const messageId = await sendTest(app.query, 'alive');
      await alive.waitFor(1);
      expect(alive.received.map(idOf)).toEqual([messageId]);
      expect(await app.query(RECORD, { input })).toEqual({ recordLlmCalls: { accepted: 100 } });
      // It delays four of its own deliveries, but no others.
      expect(await dead.connections()).toBeLessThanOrEqual(4);
    } finally {
      await app[Symbol.asyncDispose]();
    }
    await expect.poll(() => dead.connections()).toBe(0);
  });

  it('send again, under the same id, after they were killed before they recorded an answer', async () => {
    const databaseUrl = await database.createUrl();
    let kill: () => void = () => undefined;
    await using receiver = await startReceiver((response, _request, index) => {
      if (index === 0) kill();
      else response.end();
    });
    let messageId: string;
    {
      await using telltale = startProcess(['serve'], { ...ALLOWED, DATABASE_URL: databaseUrl });
      kill = () => telltale.child.kill('SIGKILL');
      const url = await telltale.waitUntilListening();
      const query: Query = async (document, variables) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query: document, variables }),
        });
        return ((await response.json()) as { data: never }).data;
      };
      await addWebhook(query, 'on-call', receiver);
      // The server is killed as soon as the first request arrives, so it may not even answer this
      // one.
      await sendTest(query, 'on-call').catch(() => undefined);
      expect(await telltale.ended).toBe('SIGKILL');
      messageId = idOf(receiver.received[0]!);
    }
    // Until its lease ends, nobody knows that its holder has died.
    const clock = createTestClock(Date.now() + 61_000);
    await using again = await startApp({ database, databaseUrl, environment: ALLOWED, clock });
    await receiver.waitFor(2);
    await expect
      .poll(() => deliveriesOf(again.query, 'on-call'), PATIENTLY)
      .toEqual([{ messageId, attempt: 1, status: 'DELIVERED', statusCode: 200 }]);
    expect(receiver.received.map(idOf)).toEqual([messageId, messageId]);
  });
});

// The way in which a message is sent does not depend on the database.
describeOneDatabase('servers that notify by e-mail', (database) => {
  it('send e-mails by the mail server of their configuration', async () => {
    await using server = await startMailServer();
    const environment = {
      SMTP_URL: `smtp://127.0.0.1:${server.port}`,
      SMTP_FROM: 'alerts@acme.example',
    };
    await using app = await startApp({ database, environment });
    const input = { webhookId: 'team', kind: 'EMAIL', url: 'mailto:ana@acme.example' };
    await app.query(CREATE, { input });
    const messageId = await sendTest(app.query, 'team');
    await server.waitFor(1);
    expect(server.received).toMatchObject([
      { to: ['ana@acme.example'], headers: { 'message-id': `<${messageId}@acme.example>` } },
    ]);
  });
});
