import { describe, expect, it } from 'vitest';
import { notice } from '../support/notice.ts';
import type { Respond } from '../support/receiver.ts';
import { sendNotice } from '../support/send-notice.ts';

const OK: Respond = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('ok');

/** Errors as Slack documents them: a status and a word. */
const refusal =
  (status: number, word: string): Respond =>
  (response) =>
    response.writeHead(status).end(word);

describe('a message to Slack', () => {
  it('is one line for notifications, and blocks with all details', async () => {
    const { outcome, request, body } = await sendNotice({ kind: 'SLACK', respond: OK });
    expect(outcome).toMatchObject({ statusCode: 200, error: null, responseBody: 'ok' });
    expect(request).toMatchObject({
      method: 'POST',
      path: '/services/T0/B0/token-of-the-channel',
      headers: { 'content-type': 'application/json' },
    });
    expect(request.headers).not.toHaveProperty('webhook-signature');
    expect(body).toEqual({
      text: 'WARNING: Costly end users',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*WARNING: Costly end users*\nAsk the user before the budget does.',
            verbatim: true,
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: 'endUser: user-7 · value: 12.5 · threshold: 10 · type: COST · project: default · source: rule:costly-users',
              verbatim: true,
            },
          ],
        },
      ],
    });
  });

  it('escapes text that would become a link or a mention, in every field', async () => {
    const bait = '<!channel> & <https://evil.example|pay here>';
    const { body } = await sendNotice({
      kind: 'SLACK',
      respond: OK,
      notice: notice('alert.raised', { title: bait, message: bait, labels: { endUser: bait } }),
    });
    const texts = [body.text, body.blocks[0].text.text, body.blocks[1].elements[0].text];
    for (const text of texts) {
      expect(text).toContain('&lt;!channel&gt; &amp; &lt;https://evil.example|pay here&gt;');
      expect(text).not.toMatch(/[<>]/);
    }
  });

  it('stays within the limits of blocks, however many characters it escapes', async () => {
    const { body } = await sendNotice({
      kind: 'SLACK',
      respond: OK,
      notice: notice('alert.raised', {
        title: '&'.repeat(200),
        message: '<'.repeat(10_000),
        labels: { endUser: '>'.repeat(9_000) },
      }),
    });
    const texts: string[] = [body.blocks[0].text.text, body.blocks[1].elements[0].text];
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(3000);
      // No escape sequence is cut in two.
      expect(text.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toContain('&');
    }
    expect(texts[0]).toMatch(/&lt;…$/);
  });

  it.each([
    ['alert.acknowledged', { acknowledgedBy: 'ada' }, 'Acknowledged by ada: Costly end users'],
    ['alert.resolved', { resolvedBy: 'ada' }, 'Resolved by ada: Costly end users'],
    ['alert.resolved', {}, 'Resolved: Costly end users'],
    ['alert.reminded', {}, 'WARNING, still open: Costly end users'],
    ['alert.test', { title: 'Test of the webhook "chat"' }, 'Test of the webhook "chat"'],
  ])('says what happened: %s', async (type, fields, text) => {
    const { body } = await sendNotice({ kind: 'SLACK', respond: OK, notice: notice(type, fields) });
    expect(body.text).toBe(text);
  });
});

describe('a message to Slack about several alerts', () => {
  it('shows ten, the worst first, and counts the others', async () => {
    const group = Array.from({ length: 13 }, (_, index) =>
      notice('alert.raised', { title: `Alert ${index}`, severity: index === 12 ? 'CRITICAL' : 'INFO' }),
    );
    const { body } = await sendNotice({ kind: 'SLACK', respond: OK, group });
    expect(body.text).toBe('13 notifications: 1 CRITICAL, 12 INFO');
    expect(body.blocks).toHaveLength(22);
    expect(body.blocks[1].text.text).toBe('*CRITICAL: Alert 12*\nAsk the user before the budget does.');
    expect(body.blocks[2].elements[0].text).toContain('threshold: 10');
    expect(body.blocks[19].text.text).toContain('Alert 8');
    expect(body.blocks[21].text.text).toBe('and 3 more');
  });

  it('escapes each of them, and stays within the limits of blocks', async () => {
    const long = '<'.repeat(10_000);
    const group = Array.from({ length: 100 }, () =>
      notice('alert.raised', { title: long, message: long, labels: { long } }),
    );
    const { body } = await sendNotice({ kind: 'SLACK', respond: OK, group });
    expect(body.blocks.length).toBeLessThanOrEqual(50);
    for (const { text, elements } of body.blocks) {
      const shown: string = (text ?? elements[0]).text;
      expect(shown.length).toBeLessThanOrEqual(3000);
      expect(shown).not.toMatch(/[<>]/);
    }
  });
});

describe('an answer of Slack', () => {
  it.each([
    [400, 'invalid_payload', true],
    [403, 'action_prohibited', true],
    [404, 'no_service', true],
    [410, 'channel_is_archived', true],
    [500, 'rollup_error', false],
  ])('%i %s', async (status, word, final) => {
    const { outcome } = await sendNotice({ kind: 'SLACK', respond: refusal(status, word) });
    const error = `It answered with status ${status}.`;
    expect(outcome).toMatchObject({ statusCode: status, error, final, responseBody: word });
  });

  it('429 gives the time to wait', async () => {
    const respond: Respond = (response) =>
      response.writeHead(429, { 'retry-after': '30' }).end('rate_limited');
    const { outcome } = await sendNotice({ kind: 'SLACK', respond });
    expect(outcome).toMatchObject({ statusCode: 429, final: false, retryAfterMs: 30_000 });
  });

  it('other than "ok" did not come from Slack', async () => {
    const { outcome } = await sendNotice({ kind: 'SLACK', respond: refusal(200, '<html>Sign in</html>') });
    expect(outcome).toMatchObject({ error: 'It did not answer "ok", as Slack does.', final: false });
  });

  it('does not show the token, even if Slack repeats it', async () => {
    const respond: Respond = (response, { path = '' }) =>
      response.writeHead(308, { location: `https://other.example${path}` }).end(`moved to ${path}`);
    const { outcome } = await sendNotice({ kind: 'SLACK', respond });
    expect(outcome).toMatchObject({
      error: 'It answered with status 308, a redirect to https://other.example/***, which is not followed.',
      responseBody: 'moved to /***',
    });
  });

  it.each([
    ['a token before the last part', '/api/webhooks/1/token-of-the-channel/slack'],
    ['a token in the query', '/api/slack?token=token-of-the-channel'],
  ])('hides %s', async (_case, path) => {
    const { outcome } = await sendNotice({
      kind: 'SLACK',
      path,
      respond: refusal(404, 'no slack here: token-of-the-channel'),
    });
    expect(outcome).toMatchObject({ responseBody: 'no slack here: ***' });
  });

  it('hides no words of the address in sentences', async () => {
    const { outcome } = await sendNotice({ kind: 'SLACK', path: '/a', respond: refusal(500, 'a failure') });
    expect(outcome).toMatchObject({ error: 'It answered with status 500.', responseBody: 'a failure' });
  });
});
