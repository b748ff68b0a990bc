import { expect, it } from 'vitest';
import { derivedId } from '../../../src/core/ids.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { reply, startMailServer } from './support/mail-server.ts';
import { startWorker } from './support/worker.ts';

const SECOND_MS = 1000;
const TEST = 'mutation { sendTestAlert(input: { webhookId: "team" }) { delivery { alertId } } }';
const TEAM = 'mailto:ana@acme.example,bo@acme.example';

const configured = ({ port }: { readonly port: number }) => ({
  SMTP_URL: `smtp://127.0.0.1:${port}`,
  SMTP_FROM: 'Telltale <alerts@acme.example>',
});

describeEachDatabase('e-mails about alerts', (database) => {
  it('are sent for a test, and recorded with the reply of the mail server', async () => {
    await using server = await startMailServer();
    await using worker = await startWorker(database, {}, configured(server));
    await worker.addWebhook('team', TEAM, { kind: 'EMAIL' });
    await worker.graphql.data(TEST);
    await worker.waitForRows([
      {
        event: 'TEST',
        status: 'DELIVERED',
        statusCode: 250,
        error: null,
        responseBody: expect.stringMatching(/^250 /),
      },
    ]);
    expect(server.received).toMatchObject([
      {
        to: ['ana@acme.example', 'bo@acme.example'],
        headers: { subject: '[INFO] Test of the webhook "team"' },
      },
    ]);
  });

  it('form one conversation, and are retried under the same id', async () => {
    const refuseData = (index: number) => (index === 0 ? reply(451, 'try later') : null);
    await using server = await startMailServer({ refuseData });
    await using worker = await startWorker(database, {}, configured(server));
    await worker.addWebhook('team', TEAM, { kind: 'EMAIL' });
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED', statusCode: 451 }, { status: 'SCHEDULED' }]);
    await worker.resolve('a-1');
    worker.graphql.clock.advance(5 * SECOND_MS);
    await worker.instance.round();
    await server.waitFor(2);
    const thread = `<alert.${derivedId('default', 'alerts', 'a-1')}@acme.example>`;
    expect(server.received.map(({ headers }) => headers)).toMatchObject([
      { subject: '[WARNING] Too dear', 'message-id': thread },
      { subject: 'Re: [WARNING] Too dear', references: thread, 'in-reply-to': thread },
    ]);
  });

  it('that one address refuses for now are retried for that address alone', async () => {
    let refusals = 0;
    const refuse = (address: string) =>
      address.startsWith('bo@') && refusals++ < 2 ? reply(450, 'mailbox busy') : null;
    await using server = await startMailServer({ refuse });
    await using worker = await startWorker(database, {}, configured(server));
    await worker.addWebhook('team', TEAM, { kind: 'EMAIL' });
    await worker.raise('a-1');
    const error =
      '127.0.0.1 rejected the address bo@acme.example; the e-mail was sent to the other addresses.';
    const failed = { status: 'FAILED', statusCode: 450, error };
    await worker.waitForRows([failed, { status: 'SCHEDULED', attempt: 2 }]);
    worker.graphql.clock.advance(5 * SECOND_MS);
    await worker.instance.round();
    await worker.waitForRows([failed, failed, { status: 'SCHEDULED', attempt: 3 }]);
    worker.graphql.clock.advance(30 * SECOND_MS);
    await worker.instance.round();
    await worker.waitForRows([failed, failed, { status: 'DELIVERED', error: null }]);
    expect(server.received.map(({ to }) => to)).toEqual([['ana@acme.example'], ['bo@acme.example']]);
    const [first, second] = server.received.map(({ headers }) => headers);
    expect(second).toMatchObject({ to: first?.['to'], 'message-id': first?.['message-id'] });
    // The next e-mail goes to both again.
    await worker.resolve('a-1');
    await server.waitFor(3);
    expect(server.received[2]?.to).toEqual(['ana@acme.example', 'bo@acme.example']);
  });

  it('that a mailbox refuses permanently are not retried', async () => {
    await using server = await startMailServer({ refuse: () => reply(550, 'no such mailbox') });
    await using worker = await startWorker(database, {}, configured(server));
    await worker.addWebhook('team', TEAM, { kind: 'EMAIL' });
    await worker.raise('a-1');
    await worker.waitForRows([{ status: 'FAILED', statusCode: 550, attempt: 1 }]);
  });
});
