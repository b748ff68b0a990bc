import { describe, expect, it } from 'vitest';
import type { AlertNotice } from '../../../../src/alerting/delivery/channels/channel.ts';
import type { MailAccount } from '../../../../src/alerting/delivery/mail-transport.ts';
import { createSender } from '../../../../src/alerting/delivery/sender.ts';
import { derivedId } from '../../../../src/core/ids.ts';
import { createTestClock } from '../../../support/test-clock.ts';
import { type MailServerOptions, type ReceivedMail, reply, startMailServer } from '../support/mail-server.ts';
import { notice } from '../support/notice.ts';
import { startRaw } from '../support/raw-server.ts';

const FROM = { name: 'Telltale', address: 'alerts@acme.example' };
const PASSWORD = 'correct horse';
const clock = createTestClock(Date.parse('2026-11-22T12:00:01Z'));
const THREAD = `<alert.${derivedId('default', 'alerts', 'rule:costly-users:1')}@acme.example>`;

interface Sending {
  readonly url?: string;
  readonly notices?: readonly AlertNotice[];
  readonly account?: Partial<MailAccount['server']>;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

function send(port: number, sending: Sending = {}) {
  const { url = 'mailto:ana@acme.example,bo@acme.example', notices = [notice()], account } = sending;
  const server = { host: '127.0.0.1', port, secure: false, login: null, ...account };
  const { timeoutMs = 10_000, signal = new AbortController().signal } = sending;
  const sender = createSender({ clock, allowed: [], mail: { server, from: FROM }, timeoutMs });
  const [first, ...others] = notices.map((one, index) => ({ messageId: `msg_${index + 1}`, notice: one }));
  const messages = [first!, ...others] as const;
  return sender.send({ endpoint: { kind: 'EMAIL', url, secret: '' }, messages }, signal);
}

async function mailOf(...notices: AlertNotice[]): Promise<ReceivedMail> {
  await using server = await startMailServer();
  expect(await send(server.port, { notices })).toMatchObject({ error: null });
  return server.received[0]!;
}

async function outcomeOf(options: MailServerOptions, sending: Sending = {}) {
  await using server = await startMailServer(options);
  return await send(server.port, sending);
}

/** The two bodies, decoded. */
function bodiesOf({ headers, body }: ReceivedMail) {
  const boundary = /boundary="([^"]+)"/.exec(headers['content-type']!)![1];
  const parts = body.split(`--${boundary}`).slice(1, 3);
  return parts.map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const encoded = part.slice(end + 4);
    const text = part.slice(0, end).includes('quoted-printable')
      ? encoded
          .replaceAll('=\r\n', '')
          .replaceAll(/=([\dA-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
      : encoded;
    return text.replaceAll('\r\n', '\n').trim();
  });
}

describe('an e-mail about an alert', () => {
  it('says everything as text and as HTML', async () => {
    await using server = await startMailServer();
    expect(await send(server.port)).toMatchObject({
      statusCode: 250,
      error: null,
      final: false,
      responseBody: expect.stringMatching(/^250 /),
    });
    const [mail] = server.received;
    expect(mail).toMatchObject({
      from: 'alerts@acme.example',
      to: ['ana@acme.example', 'bo@acme.example'],
      headers: {
        from: 'Telltale <alerts@acme.example>',
        to: 'ana@acme.example, bo@acme.example',
        subject: '[WARNING] Costly end users',
        'message-id': THREAD,
        date: 'Sun, 22 Nov 2026 12:00:01 +0000',
        'auto-submitted': 'auto-generated',
      },
    });
    const [text, html] = bodiesOf(mail!);
    expect(text).toBe(
      [
        'WARNING: Costly end users',
        '',
        'Ask the user before the budget does.',
        '',
        'endUser: user-7',
        'value: 12.5',
        'threshold: 10',
        'type: COST',
        'project: default',
        'source: rule:costly-users',
        'raised: 2026-11-22T12:00:00.000Z',
      ].join('\n'),
    );
    expect(html).toContain('<p><strong>WARNING: Costly end users</strong></p>');
    expect(html).toContain('<li>threshold: 10</li>');
  });

  it('stands in one conversation with all that is told of the alert', async () => {
    const ended = { resolvedBy: 'ada', resolvedAt: '2026-11-22T13:00:00.000Z', status: 'RESOLVED' };
    for (const [type, fields, first] of [
      ['alert.acknowledged', { acknowledgedBy: 'ada' }, 'Acknowledged by ada: Costly end users'],
      ['alert.reminded', {}, 'WARNING, still open: Costly end users'],
      ['alert.resolved', ended, 'Resolved by ada: Costly end users'],
    ] as const) {
      const mail = await mailOf(notice(type, fields));
      expect(mail.headers).toMatchObject({
        subject: 'Re: [WARNING] Costly end users',
        'message-id': '<msg_1@acme.example>',
        'in-reply-to': THREAD,
        references: THREAD,
      });
      expect(bodiesOf(mail)[0]).toMatch(new RegExp(`^${first}\n`));
    }
    expect(bodiesOf(await mailOf(notice('alert.resolved', ended)))[0]).toMatch(
      /resolved: 2026-11-22T13:00:00\.000Z by ada$/,
    );
  });

  it('gets no header and no address from what stands in the alert', async () => {
    const bait =
      'Down\r\nBcc: eve@evil.example\r\n\r\nhello\u2028Cc: eve@evil.example\r.\r\nRCPT TO:<eve@evil.example>';
    const plain = await mailOf(notice());
    for (const type of ['alert.raised', 'alert.resolved']) {
      const fields = { title: bait, message: bait, alertId: bait, labels: { [bait]: bait }, source: bait };
      const mail = await mailOf(notice(type, fields));
      expect(mail.to).toEqual(['ana@acme.example', 'bo@acme.example']);
      const known = [...Object.keys(plain.headers), 'in-reply-to', 'references'];
      expect(Object.keys(mail.headers).filter((name) => !known.includes(name))).toEqual([]);
      expect(mail.headers['to']).not.toContain('eve');
      expect(mail.headers['message-id']).toMatch(/^<[\w.-]+@acme\.example>$/);
    }
  });

  it('shows what looks like HTML as it is', async () => {
    const bait = `<img src="x" onerror='alert(1)'> & <b>`;
    const [text, html] = bodiesOf(
      await mailOf(notice('alert.raised', { title: bait, message: bait, labels: { [bait]: bait } })),
    );
    expect(text).toContain(bait);
    expect(html).not.toMatch(/<img|<b>|onerror='/);
    expect(html).toContain('&lt;img src=&quot;x&quot; onerror=&#39;alert(1)&#39;&gt; &amp; &lt;b&gt;');
  });

  it('lists several, the worst first, and counts what is left out', async () => {
    const mild = Array.from({ length: 22 }, (_, index) =>
      notice('alert.raised', { alertId: `m-${index}`, title: `Mild ${index}` }),
    );
    const worst = notice('alert.raised', { alertId: 'w', title: 'Worst', severity: 'CRITICAL' });
    const mail = await mailOf(...mild, worst);
    expect(mail.headers).toMatchObject({
      subject: '[CRITICAL] 23 notifications: 1 CRITICAL, 22 WARNING',
      'message-id': '<group.msg_1@acme.example>',
    });
    const [text] = bodiesOf(mail);
    expect(text!.split('\n').filter((line) => /^(CRITICAL|WARNING): |^and /.test(line))).toEqual([
      'CRITICAL: Worst',
      ...Array.from({ length: 19 }, (_, index) => `WARNING: Mild ${index}`),
      'and 3 more',
    ]);
  });
});

describe('a reply of the mail server', () => {
  it.each([
    [450, false],
    [550, true],
  ])('%i to all addresses', async (code, final) => {
    expect(await outcomeOf({ refuse: () => reply(code, 'no such mailbox') })).toMatchObject({
      statusCode: code,
      error: `127.0.0.1 refused the e-mail with reply ${code}.`,
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
  ])('%i to one address of two says which', async (code, final) => {
    const refuse = (address: string) => (address.startsWith('bo@') ? reply(code, 'no bo here') : null);
    expect(await outcomeOf({ refuse })).toMatchObject({
      statusCode: code,
      error: '127.0.0.1 refused the address bo@acme.example; the other addresses have the e-mail.',
      final,
    });
  });

  it('450 to one address and 550 to another is tried again', async () => {
    const refuse = (address: string) => reply(address.startsWith('bo@') ? 450 : 550, 'no');
    expect(await outcomeOf({ refuse })).toMatchObject({ statusCode: 450, final: false });
  });

  it('535 to the password is tried again, and repeats no password', async () => {
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

  it('sends no password over a network in the clear', async () => {
    const seen: unknown[] = [];
    const outcome = await outcomeOf(
      {
        allowInsecureAuth: true,
        onAuth: (auth, _session, callback) => {
          seen.push(auth);
          callback(null, { user: 'x' });
        },
      },
      // This machine, but by no name that says so.
      { account: { host: '0.0.0.0', login: { user: 'telltale', password: PASSWORD } } },
    );
    expect(outcome).toMatchObject({ error: expect.stringMatching(/0\.0\.0\.0/), final: false });
    expect(seen).toEqual([]);
  });

  it('refuses a certificate that nobody vouches for', async () => {
    const outcome = await outcomeOf({ secure: true }, { account: { secure: true } });
    expect(outcome).toMatchObject({
      statusCode: null,
      error: expect.stringMatching(/^127\.0\.0\.1 has a certificate/),
      final: false,
    });
  });

  it('is made again when nobody listens', async () => {
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

  it('says what to set where there is no mail server', async () => {
    const sender = createSender({ clock, allowed: [] });
    const endpoint = { kind: 'EMAIL', url: 'mailto:ana@acme.example', secret: '' };
    const messages = [{ messageId: 'msg_1', notice: notice() }] as const;
    expect(await sender.send({ endpoint, messages }, new AbortController().signal)).toMatchObject({
      error: 'This server has no mail server: set SMTP_URL and SMTP_FROM in its environment.',
      final: false,
    });
  });
});
