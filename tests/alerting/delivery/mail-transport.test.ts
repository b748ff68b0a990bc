import { describe, expect, it } from 'vitest';
import { email } from '../../../src/alerting/delivery/channels/email.ts';
import { createMailTransport } from '../../../src/alerting/delivery/mail-transport.ts';
import { createSender } from '../../../src/alerting/delivery/sender.ts';
import { createTestClock } from '../../support/test-clock.ts';
import { type MailServerOptions, reply, startMailServer } from './support/mail-server.ts';
import { notice } from './support/notice.ts';
import { startRaw } from './support/raw-server.ts';
import { type Sending, send } from './support/send-mail.ts';

const PASSWORD = 'correct horse';

async function outcomeOf(options: MailServerOptions, sending: Sending = {}) {
  await using server = await startMailServer(options);
  return await send(server.port, sending);
}

describe('a reply of the mail server', () => {
  it.each([
    [450, false],
    [550, true],
  ])('%i to all addresses', async (code, final) => {
    expect(await outcomeOf({ refuse: () => reply(code, 'no such mailbox') })).toMatchObject({
      statusCode: code,
      error: `127.0.0.1 rejected the e-mail with reply ${code}.`,
      final,
      responseBody: `${code} no such mailbox`,
    });
  });

  it.each([
    [451, false],
    [552, true],
  ])('%i to the e-mail itself', async (code, final) => {
    expect(await outcomeOf({ refuseData: () => reply(code, 'not now') })).toMatchObject({
      statusCode: code,
      final,
    });
  });

  it.each([
    [450, false],
    [550, true],
  ])('%i to one of two addresses says which', async (code, final) => {
    const refuse = (address: string) => (address.startsWith('bo@') ? reply(code, 'no bo here') : null);
    expect(await outcomeOf({ refuse })).toMatchObject({
      statusCode: code,
      error: '127.0.0.1 rejected the address bo@acme.example; the e-mail was sent to the other addresses.',
      final,
    });
  });

  it('450 to one address and 550 to another is retried', async () => {
    const refuse = (address: string) => reply(address.startsWith('bo@') ? 450 : 550, 'no');
    expect(await outcomeOf({ refuse })).toMatchObject({ statusCode: 450, final: false });
  });

  it('535 to the password is retried, and repeats no password', async () => {
    const login = { user: 'telltale', password: PASSWORD };
    const outcome = await outcomeOf(
      {
        allowInsecureAuth: true,
        onAuth: ({ username, password }, _session, callback) => {
          const plain = Buffer.from(`\0${username}\0${password}`).toString('base64');
          callback(reply(535, `bad password ${password} ${plain}`));
        },
      },
      { account: { login } },
    );
    expect(outcome).toMatchObject({
      statusCode: 535,
      error: '127.0.0.1 did not accept the user and the password of SMTP_URL.',
      final: false,
      responseBody: expect.stringMatching(/^535 bad password \*\*\* \*\*\*/),
    });
  });
});

describe('an attempt to send an e-mail', () => {
  it('logs in with the password of the configuration', async () => {
    const login = { user: 'telltale', password: PASSWORD };
    const seen: unknown[] = [];
    const outcome = await outcomeOf(
      {
        authOptional: false,
        allowInsecureAuth: true,
        onAuth: ({ username = '', password }, _session, callback) => {
          seen.push([username, password]);
          callback(null, { user: username });
        },
      },
      { account: { login } },
    );
    expect(outcome).toMatchObject({ error: null });
    expect(seen).toEqual([['telltale', PASSWORD]]);
  });

  it('sends no password unencrypted over a network', async () => {
    const seen: unknown[] = [];
    const outcome = await outcomeOf(
      {
        allowInsecureAuth: true,
        onAuth: (auth, _session, callback) => {
          seen.push(auth);
          callback(null, { user: 'x' });
        },
      },
      // This machine, under a name that does not show it.
      { account: { host: '0.0.0.0', login: { user: 'telltale', password: PASSWORD } } },
    );
    expect(outcome).toMatchObject({ error: expect.stringMatching(/0\.0\.0\.0/), final: false });
    expect(seen).toEqual([]);
  });

  it('refuses a certificate that no known authority signed', async () => {
    const outcome = await outcomeOf({ secure: true }, { account: { secure: true } });
    expect(outcome).toMatchObject({
      statusCode: null,
      error: expect.stringMatching(/^127\.0\.0\.1 has a certificate/),
      final: false,
    });
  });

  it('is tried again when no server listens', async () => {
    let port: number;
    {
      await using server = await startMailServer();
      ({ port } = server);
    }
    expect(await send(port)).toMatchObject({
      statusCode: null,
      error: '127.0.0.1 refused the connection.',
      final: false,
    });
  });

  it('ends when the server does not answer in time, and when it is stopped', async () => {
    await using silent = await startRaw('');
    const port = Number(new URL(silent.url).port);
    expect(await send(port, { timeoutMs: 50 })).toMatchObject({
      error: '127.0.0.1 did not answer within 0.05 seconds.',
      final: false,
    });
    const stopped = new AbortController();
    const sent = send(port, { signal: stopped.signal });
    stopped.abort();
    expect(await sent).toBeNull();
  });

  it('names the variable to set if there is no mail server', async () => {
    const sender = createSender({ clock: createTestClock(Date.now()), allowed: [] });
    const endpoint = { kind: 'EMAIL', url: 'mailto:ana@acme.example', secret: '' };
    const messages = [{ messageId: 'msg_1', notice: notice() }] as const;
    expect(await sender.send({ endpoint, messages }, new AbortController().signal)).toMatchObject({
      error: 'This server has no mail server: set SMTP_URL and SMTP_FROM in its environment.',
      final: false,
    });
  });

  it('opens the mail transport again if that failed before', async () => {
    let calls = 0;
    const mailer = { sendMail: () => Promise.resolve({ response: '250 ok', accepted: [], rejected: [] }) };
    const open = () =>
      calls++ === 0 ? Promise.reject(new Error('too many open files')) : Promise.resolve(mailer as never);
    const server = { host: '127.0.0.1', port: 25, secure: false, login: null };
    const account = { server, from: { name: '', address: 'alerts@acme.example' } };
    const sendMail = createMailTransport(account, createTestClock(Date.now()), open);
    const endpoint = { kind: 'EMAIL', url: 'mailto:ana@acme.example', secret: '' };
    const messages = [{ messageId: 'msg_1', notice: notice() }] as const;
    const attempt = () => sendMail(email, { endpoint, messages }, new AbortController().signal);
    await expect(attempt()).rejects.toThrow('too many open files');
    expect(await attempt()).toMatchObject({ error: null, statusCode: 250 });
    // The connection stays open.
    await attempt();
    expect(calls).toBe(2);
  });
});
