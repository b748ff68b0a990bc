import { describe, expect, it } from 'vitest';
import { notice } from '../support/notice.ts';
import type { Respond } from '../support/receiver.ts';
import { sendNotice } from '../support/send-notice.ts';

const PATH = '/api/webhooks/123456789012345678/token-of-the-channel';
const NO_CONTENT: Respond = (response) => response.writeHead(204).end();
const json =
  (status: number, value: object, headers: Readonly<Record<string, string>> = {}): Respond =>
  (response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));

const discord = (options: { respond: Respond; notice?: ReturnType<typeof notice> }) =>
  sendNotice({ kind: 'DISCORD', path: PATH, ...options });

describe('a message to Discord about several alerts', () => {
  it('shows ten as embeds, the worst first, and stays within the limit of all of them', async () => {
    const long = '_'.repeat(5000);
    const group = Array.from({ length: 27 }, (_, index) =>
      notice('alert.raised', {
        title: index === 26 ? 'Worst' : long,
        severity: index === 26 ? 'CRITICAL' : 'ERROR',
        message: long,
        labels: { long },
      }),
    );
    const { body } = await sendNotice({ kind: 'DISCORD', path: PATH, respond: NO_CONTENT, group });
    expect(body).toMatchObject({
      allowed_mentions: { parse: [] },
      content: '27 notifications: 1 CRITICAL, 26 ERROR, and 17 more',
    });
    expect(body.embeds).toHaveLength(10);
    expect(body.embeds[0].title).toBe('CRITICAL: Worst');
    const lengths = body.embeds.map(
      ({ title, description, footer }: { title: string; description: string; footer: { text: string } }) =>
        title.length + description.length + footer.text.length,
    );
    expect(lengths.reduce((sum: number, length: number) => sum + length)).toBeLessThanOrEqual(6000);
  });
});

describe('a message to Discord', () => {
  it('is an embed that mentions nobody', async () => {
    const { outcome, request, body } = await discord({ respond: NO_CONTENT });
    expect(outcome).toMatchObject({ statusCode: 204, error: null });
    expect(request).toMatchObject({ method: 'POST', path: PATH });
    expect(body).toEqual({
      allowed_mentions: { parse: [] },
      embeds: [
        {
          title: 'WARNING: Costly end users',
          description: 'Ask the user before the budget does.',
          color: 0xf59e0b,
          footer: {
            text: 'endUser: user-7 · value: 12.5 · threshold: 10 · type: COST · project: default · source: rule:costly-users',
          },
          timestamp: '2026-11-22T12:00:00.000Z',
        },
      ],
    });
  });

  it('escapes Markdown', async () => {
    const fields = {
      title: '**a** _b_ `c` ~~d~~ ||e||',
      message: '# f\n> g [h](https://evil.example) <@1> \\',
    };
    const { body } = await discord({ respond: NO_CONTENT, notice: notice('alert.raised', fields) });
    expect(body.embeds[0]).toMatchObject({
      title: 'WARNING: \\*\\*a\\*\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~ \\|\\|e\\|\\|',
      description: '\\# f\n\\> g \\[h\\](https://evil.example) \\<@1\\> \\\\',
    });
  });

  it('stays within the limits of an embed, however many characters it escapes', async () => {
    const fields = {
      title: '*'.repeat(200),
      message: '_🎉'.repeat(5000),
      labels: { endUser: 'x'.repeat(8000) },
    };
    const { body } = await discord({ respond: NO_CONTENT, notice: notice('alert.raised', fields) });
    const [{ title, description, footer }] = body.embeds;
    expect(title.length).toBeLessThanOrEqual(256);
    expect(title).toMatch(/^WARNING: (\\\*)+…$/);
    expect(description.length).toBeLessThanOrEqual(4096);
    expect(description).toMatch(/^(\\_🎉)+(\\_)?…$/);
    expect(title.length + description.length + footer.text.length).toBeLessThanOrEqual(6000);
  });

  it('has no description if the alert has none, and shows by its colour that the alert is resolved', async () => {
    const fields = { message: null, status: 'RESOLVED', resolvedBy: 'ada' };
    const { body } = await discord({ respond: NO_CONTENT, notice: notice('alert.resolved', fields) });
    expect(body.embeds[0]).toMatchObject({ title: 'Resolved by ada: Costly end users', color: 0x16a34a });
    expect(body.embeds[0]).not.toHaveProperty('description');
  });
});

describe('an answer of Discord', () => {
  it.each([
    [400, { message: 'Invalid Form Body', code: 50035 }, true],
    [401, { message: 'Invalid Webhook Token', code: 50027 }, true],
    [404, { message: 'Unknown Webhook', code: 10015 }, true],
    [500, { message: '500: Internal Server Error', code: 0 }, false],
  ])('%i', async (status, value, final) => {
    const { outcome } = await discord({ respond: json(status, value) });
    expect(outcome).toMatchObject({ statusCode: status, final, responseBody: JSON.stringify(value) });
  });

  it.each([
    ['by its JSON', { message: 'You are being rate limited.', retry_after: 64.57, global: false }, 64_570],
    ['by the header, where that is all', {}, 65_000],
  ])('429 gives the time to wait %s', async (_case, value, retryAfterMs) => {
    const { outcome } = await discord({ respond: json(429, value, { 'retry-after': '65' }) });
    expect(outcome).toMatchObject({ statusCode: 429, final: false, retryAfterMs });
  });
});
