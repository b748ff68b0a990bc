import { describe, expect, it } from 'vitest';
import type { AlertNotice } from '../../../../src/alerting/delivery/channels/channel.ts';
import { derivedId } from '../../../../src/core/ids.ts';
import { type ReceivedMail, startMailServer } from '../support/mail-server.ts';
import { notice } from '../support/notice.ts';
import { send } from '../support/send-mail.ts';

const THREAD = `<alert.${derivedId('default', 'alerts', 'rule:costly-users:1')}@acme.example>`;

async function mailOf(...notices: AlertNotice[]): Promise<ReceivedMail> {
  await using server = await startMailServer();
  expect(await send(server.port, { notices })).toMatchObject({ error: null });
  return server.received[0]!;
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

  it('is in one conversation with all messages about the alert', async () => {
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

  it('never takes a header or an address from the text of the alert', async () => {
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

  it('escapes text that looks like HTML', async () => {
    const bait = `<img src="x" onerror='alert(1)'> & <b>`;
    const [text, html] = bodiesOf(
      await mailOf(notice('alert.raised', { title: bait, message: bait, labels: { [bait]: bait } })),
    );
    expect(text).toContain(bait);
    expect(html).not.toMatch(/<img|<b>|onerror='/);
    expect(html).toContain('&lt;img src=&quot;x&quot; onerror=&#39;alert(1)&#39;&gt; &amp; &lt;b&gt;');
  });

  it('lists several, the worst first, and counts the rest', async () => {
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
