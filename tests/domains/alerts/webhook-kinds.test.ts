import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CREATE, ROTATE, secretOf, UPDATE, webhooksOf } from './support/webhooks.ts';

const TOKEN = 'abcdefTOKENghijkl';
const SLACK_URL = `https://hooks.slack.com/services/T0000/B0000/${TOKEN}`;
const SHOWN = 'https://hooks.slack.com/***';
const KEY = 'R02ABCDEFGHIJKLMNOPQRSTUVWXYZ012';
const PAGERDUTY = { kind: 'PAGERDUTY', url: 'https://events.pagerduty.com/v2/enqueue', secret: KEY };

describeEachDatabase('kinds of webhooks', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const { create, stored } = webhooksOf(() => graphql);
  const kindOf = async (webhookId: string) => {
    const answer = await graphql.data(
      'query ($webhookId: String!) { webhook(webhookId: $webhookId) { kind url } }',
      { webhookId },
    );
    return answer.webhook;
  };
  const refused = async (document: string, input: object) =>
    (await graphql.run(document, { input })).errors?.map(({ message, extensions }) => ({
      message,
      argument: extensions['argument'],
    }));

  it('are WEBHOOK unless another kind is given', async () => {
    await create('plain');
    expect(await kindOf('plain')).toMatchObject({ kind: 'WEBHOOK' });
    const of = (kind: string) =>
      graphql.data(
        'query ($kind: ChannelKind!) { webhooks(filter: { kind: { eq: $kind } }) { nodes { webhookId } } }',
        {
          kind,
        },
      );
    expect((await of('WEBHOOK')).webhooks.nodes).toEqual([{ webhookId: 'plain' }]);
    expect((await of('SLACK')).webhooks.nodes).toEqual([]);
  });

  it.each([
    ['SLACK', SLACK_URL, SHOWN],
    ['SLACK', `${SLACK_URL}/`, SHOWN],
    ['DISCORD', `https://discord.com/api/webhooks/1/${TOKEN}?thread_id=7`, 'https://discord.com/***'],
    // Discord accepts Slack messages at an address in which the token is not the last part.
    ['SLACK', `https://discord.com/api/webhooks/1/${TOKEN}/slack`, 'https://discord.com/***'],
  ])('%s never show the token of %s again', async (kind, url, shown) => {
    const webhookId = `hidden-${url.length}`;
    const { createWebhook } = await create(webhookId, { kind, url });
    expect(createWebhook).toMatchObject({ secret: url, webhook: { url: shown } });
    expect(await kindOf(webhookId)).toEqual({ kind, url: shown });
    expect(await stored(webhookId)).toMatchObject({ secret: url, url: shown });
    const conflict = await graphql.run(CREATE, {
      input: { webhookId, kind, url: 'https://other.example/x' },
    });
    expect(JSON.stringify(conflict)).not.toContain(TOKEN);
    const guessed = await graphql.data(
      'query ($part: String!) { webhooks(filter: { url: { contains: $part } }) { totalCount } }',
      { part: TOKEN },
    );
    expect(guessed.webhooks.totalCount).toBe(0);
  });

  it('PAGERDUTY keeps the given key', async () => {
    const { createWebhook } = await create('pager', PAGERDUTY);
    expect(createWebhook).toMatchObject({ secret: KEY, webhook: { url: PAGERDUTY.url } });
    const other = KEY.toLowerCase();
    await graphql.data(ROTATE, { input: { webhookId: 'pager', secret: other } });
    expect(await stored('pager')).toMatchObject({
      secret: other,
      previousSecret: null,
      previousSecretUntil: null,
    });
    await graphql.data(UPDATE, { input: { webhookId: 'pager', url: PAGERDUTY.url, minSeverity: 'ERROR' } });
    expect((await stored('pager')).secret).toBe(other);
    expect(await refused(ROTATE, { webhookId: 'pager' })).toMatchObject([{ argument: 'input.secret' }]);
  });

  it('PAGERDUTY does not send its key to another url', async () => {
    await create('carried', PAGERDUTY);
    const before = await stored('carried');
    const url = 'https://elsewhere.example/v2/enqueue';
    expect(await refused(UPDATE, { webhookId: 'carried', url })).toMatchObject([
      { argument: 'input.secret' },
    ]);
    expect(await stored('carried')).toEqual(before);
    const secret = KEY.toLowerCase();
    await graphql.data(UPDATE, { input: { webhookId: 'carried', url, secret } });
    expect(await stored('carried')).toMatchObject({ url, secret });
  });

  it.each([`https://hooks.slack.com/ ${TOKEN}`, `https://user:${TOKEN}@hooks.slack.com/a`])(
    'do not repeat %s in the error that refuses it',
    async (url) => {
      const errors = await refused(CREATE, { webhookId: 'refused', kind: 'SLACK', url });
      expect(errors).toMatchObject([{ argument: 'input.url' }]);
      expect(JSON.stringify(errors)).not.toContain(TOKEN);
    },
  );

  it.each([
    [
      'PAGERDUTY without a key',
      { ...PAGERDUTY, secret: null },
      'input.secret',
      /integration key of PagerDuty/,
    ],
    ['PAGERDUTY with another key', { ...PAGERDUTY, secret: secretOf(24) }, 'input.secret', /32 letters and/],
    [
      'SLACK with a secret',
      { kind: 'SLACK', url: SLACK_URL, secret: KEY },
      'input.secret',
      /must be omitted/,
    ],
    ['SLACK with a masked URL', { kind: 'SLACK', url: SHOWN }, 'input.url', /must be the whole URL/],
    ['SLACK with a bare host', { kind: 'SLACK', url: 'https://hooks.slack.com/' }, 'input.url', /whole URL/],
    ['SLACK on this machine', { kind: 'SLACK', url: 'http://127.0.0.1/a' }, 'input.url', /private address/],
  ])('refuse %s', async (_case, fields, argument, message) => {
    const errors = await refused(CREATE, { webhookId: 'refused', ...fields });
    expect(errors).toEqual([{ message: expect.stringMatching(message), argument }]);
    expect(JSON.stringify(errors)).not.toContain(KEY);
  });

  describe('when they are changed', () => {
    it('keep their token if the masked url is sent back', async () => {
      await create('same', { kind: 'SLACK', url: SLACK_URL });
      const before = await stored('same');
      await graphql.data(UPDATE, { input: { webhookId: 'same', kind: 'SLACK', url: SHOWN } });
      expect(await stored('same')).toEqual(before);
    });

    it('get another token with another url', async () => {
      await create('moved', { kind: 'SLACK', url: SLACK_URL });
      const url = 'https://hooks.slack.com/services/T0000/B0000/another';
      await graphql.data(UPDATE, { input: { webhookId: 'moved', url } });
      expect(await stored('moved')).toMatchObject({ secret: url, url: SHOWN });
      expect(await refused(ROTATE, { webhookId: 'moved' })).toEqual([
        {
          message: 'For this kind, the url is the secret: change it with updateWebhook.',
          argument: 'input.webhookId',
        },
      ]);
    });

    it('become another kind together with its url and secret', async () => {
      await create('turned');
      const { secret } = await stored('turned');
      const change = (fields: object) => graphql.data(UPDATE, { input: { webhookId: 'turned', ...fields } });
      await graphql.data(ROTATE, { input: { webhookId: 'turned' } });
      await change({ kind: 'SLACK', url: SLACK_URL });
      expect(await stored('turned')).toMatchObject({ previousSecret: null, previousSecretUntil: null });
      expect(await stored('turned')).toMatchObject({ kind: 'SLACK', url: SHOWN, secret: SLACK_URL });
      await change(PAGERDUTY);
      expect(await stored('turned')).toMatchObject(PAGERDUTY);
      await change({ kind: 'WEBHOOK', url: 'https://hooks.example.com/' });
      const turned = await stored('turned');
      expect(turned).toMatchObject({ kind: 'WEBHOOK', secret: expect.stringMatching(/^whsec_/) });
      expect(turned.secret).not.toBe(secret);
    });

    it('show only the secret that a change to WEBHOOK creates', async () => {
      await create('made', { kind: 'SLACK', url: SLACK_URL });
      const change = async (fields: object) =>
        (
          await graphql.data(
            'mutation ($input: UpdateWebhookInput!) { updateWebhook(input: $input) { secret } }',
            { input: { webhookId: 'made', ...fields } },
          )
        ).updateWebhook.secret;
      const url = 'https://hooks.example.com/';
      const secret = await change({ kind: 'WEBHOOK', url });
      expect(secret).toMatch(/^whsec_/);
      expect((await stored('made')).secret).toBe(secret);
      expect(await change({ kind: 'WEBHOOK', url })).toBeNull();
      expect(await change({ url: 'https://elsewhere.example/' })).toBeNull();
      expect((await stored('made')).secret).toBe(secret);
      expect(await change({ kind: 'SLACK', url: SLACK_URL })).toBeNull();
      expect(await change({ url: `${SLACK_URL}2` })).toBeNull();
      expect(await change({ kind: 'WEBHOOK', url, secret: secretOf(24) })).toBeNull();
    });

    it.each([
      ['WEBHOOK', {}],
      ['PAGERDUTY', { secret: KEY }],
      ['DISCORD', {}],
    ])('to %s do not accept the masked url as the url', async (kind, fields) => {
      const webhookId = `masked-${kind.toLowerCase()}`;
      await create(webhookId, { kind: 'SLACK', url: SLACK_URL });
      const before = await stored(webhookId);
      expect(await refused(UPDATE, { webhookId, kind, url: SHOWN, ...fields })).toEqual([
        { message: 'url must be the whole URL, with its token.', argument: 'input.url' },
      ]);
      expect(await stored(webhookId)).toEqual(before);
    });

    it.each([
      ['another kind without a url', { kind: 'SLACK' }, 'input.url'],
      ['another kind without its key', { ...PAGERDUTY, secret: null }, 'input.secret'],
      ['a secret alone', { secret: secretOf(24) }, 'input.secret'],
    ])('refuse %s', async (name, fields, argument) => {
      const webhookId = name.replaceAll(' ', '-');
      await create(webhookId);
      const before = await stored(webhookId);
      expect(await refused(UPDATE, { webhookId, ...fields })).toMatchObject([{ argument }]);
      expect(await stored(webhookId)).toEqual(before);
    });
  });
});
