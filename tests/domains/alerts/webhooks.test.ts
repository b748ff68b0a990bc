import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CREATE, DELETE, secretOf, URL_OF_HOOK, webhooksOf } from './support/webhooks.ts';

const TYPE = 'query ($name: String!) { __type(name: $name) { fields { name } inputFields { name } } }';

describeEachDatabase('webhooks', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    const environment = { WEBHOOK_ALLOWED_ADDRESSES: '10.0.0.0/24' };
    graphql = await startGraphQL(database, { environment });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const { create, get, stored } = webhooksOf(() => graphql);

  describe('createWebhook', () => {
    it('adds one, with defaults and a secret that is shown once', async () => {
      const { createWebhook } = await create('on-call');
      expect(createWebhook).toEqual({
        secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{32}$/),
        webhook: {
          id: expect.stringMatching(/^Webhook:/),
          webhookId: 'on-call',
          url: URL_OF_HOOK,
          description: null,
          enabled: true,
          minSeverity: 'INFO',
          types: [],
          createdAt: NOW,
          updatedAt: NOW,
        },
      });
      expect((await stored('on-call')).secret).toBe(createWebhook.secret);
      const { id, ...shown } = createWebhook.webhook;
      expect(await get('on-call')).toEqual(shown);
      const other = await create('another');
      expect(other.createWebhook.secret).not.toBe(createWebhook.secret);
    });

    it('accepts every field', async () => {
      const fields = {
        url: 'http://hooks.example.com:8080/alerts?channel=1',
        description: 'The channel of the night shift',
        enabled: false,
        minSeverity: 'ERROR',
        types: ['COST', 'AGENT'],
      };
      const { createWebhook } = await create('whole', { ...fields, secret: secretOf(32) });
      expect(createWebhook).toMatchObject({ secret: secretOf(32), webhook: fields });
    });

    it('is a CONFLICT if the webhook exists, and does not show the secret', async () => {
      const secret = secretOf(24);
      await create('twice', { secret });
      const answer = await graphql.run(CREATE, {
        input: { webhookId: 'twice', url: 'https://other.example.com/' },
      });
      expect(answer.errors).toMatchObject([
        {
          message: 'The webhook "twice" already exists: update it instead.',
          extensions: {
            code: 'CONFLICT',
            argument: 'input.webhookId',
            current: { webhookId: 'twice', url: URL_OF_HOOK },
          },
        },
      ]);
      expect(JSON.stringify(answer)).not.toContain(secret);
      expect(await get('twice')).toMatchObject({ url: URL_OF_HOOK });
    });

    it('lets exactly one of many concurrent calls succeed', async () => {
      const results = await Promise.all(
        Array.from({ length: 6 }, (_, index) =>
          graphql.run(CREATE, {
            input: { webhookId: 'raced', url: `https://hooks.example.com/${index}` },
          }),
        ),
      );
      const codes = results.flatMap(({ errors = [] }) => errors.map(({ extensions }) => extensions['code']));
      expect(codes).toEqual(Array(5).fill('CONFLICT'));
    });

    let taken = 0;
    it.each([
      'https://hooks.example.com',
      'HTTPS://HOOKS.EXAMPLE.COM/',
      'http://93.184.215.14/',
      'http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]:8080/',
      // Host names are checked when an alert is sent.
      'http://hooks.internal./',
      'http://notlocalhost/',
      // The configuration allows these addresses.
      'http://10.0.0.5/',
      'http://[::ffff:10.0.0.5]/',
    ])('accepts %s', async (url) => {
      expect((await create(`takes-${taken++}`, { url })).createWebhook.webhook.url).toBe(url);
    });

    it.each([
      [
        'a URL of another kind',
        { url: 'ftp://hooks.example.com/' },
        'input.url',
        /must be an http or https URL/,
      ],
      ['a path', { url: '/alerts' }, 'input.url', /must be an http or https URL such as ".*"\.$/],
      ['a URL without a host', { url: 'http://' }, 'input.url', /must be an http or https URL/],
      ['white space in a URL', { url: 'http://hooks.example.com/a b' }, 'input.url', /http or https URL/],
      ['a URL that is too long', { url: `${URL_OF_HOOK}/${'x'.repeat(2000)}` }, 'input.url', /at most 2000/],
      [
        'a user name',
        { url: 'https://ada@hooks.example.com/' },
        'input.url',
        /not contain a user name or a password/,
      ],
      [
        'a password',
        { url: 'https://:secret@hooks.example.com/' },
        'input.url',
        /not contain a user name or a pass/,
      ],
      ['a fragment', { url: `${URL_OF_HOOK}#top` }, 'input.url', /not contain a fragment/],
      ['an empty fragment', { url: `${URL_OF_HOOK}#` }, 'input.url', /not contain a fragment/],
      [
        'this machine',
        { url: 'http://127.0.0.1:8080/' },
        'input.url',
        /must not contain the private address 127\.0\.0\.1, unless WEBHOOK_ALLOWED_ADDRESSES/,
      ],
      [
        'this machine in another form',
        { url: 'http://0x7f000001/' },
        'input.url',
        /private address 127\.0\.0\.1/,
      ],
      ['this machine in IPv6', { url: 'http://[::1]/' }, 'input.url', /private address ::1/],
      [
        'a private address next to those allowed',
        { url: 'https://10.0.1.1/' },
        'input.url',
        /address 10\.0\.1\.1/,
      ],
      [
        'the metadata service of a cloud',
        { url: 'http://169.254.169.254/' },
        'input.url',
        /169\.254\.169\.254/,
      ],
      [
        'an unknown type',
        { types: ['COST', 'MONEY'] },
        'input.types',
        /AGENT, TASK, SYSTEM, .*, not "MONEY"/,
      ],
      ['nested labels', { labels: { team: ['a'] } }, 'input.labels', /"team" is not/],
      ['labels that are not an object', { labels: ['a'] }, 'input.labels', /object/],
      [
        'a value that is not a time of day',
        { quietFrom: '24:00', quietUntil: '07:00' },
        'input.quietFrom',
        /such as "22:00"/,
      ],
      ['quiet hours without an end', { quietFrom: '22:00' }, 'input.quietUntil', /two different times/],
      [
        'empty quiet hours',
        { quietFrom: '22:00', quietUntil: '22:00' },
        'input.quietUntil',
        /two different times/,
      ],
      [
        'an unknown time zone',
        { quietTimeZone: 'Mars/Base' },
        'input.quietTimeZone',
        /such as "Europe\/Berlin"/,
      ],
      ['an unknown type', { types: ['toString'] }, 'input.types', /not "toString"/],
      ['an id that is not a slug', { webhookId: 'On call' }, 'input.webhookId', /slug such as "on-call"/],
      ['a short secret', { secret: secretOf(23) }, 'input.secret', /24 to 64 random bytes in base64/],
      ['a long secret', { secret: secretOf(65) }, 'input.secret', /24 to 64 random bytes/],
      ['a secret without its prefix', { secret: secretOf(24).slice(6) }, 'input.secret', /"whsec_" and/],
      ['a secret that is not base64', { secret: `whsec_${'-'.repeat(32)}` }, 'input.secret', /base64/],
    ])('refuses %s', async (_case, fields, argument, message) => {
      const input = { webhookId: 'refused', url: URL_OF_HOOK, ...fields };
      const { errors } = await graphql.run(CREATE, { input });
      expect(errors).toMatchObject([
        { message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT', argument } },
      ]);
      expect(JSON.stringify(errors)).not.toContain(secretOf(23).slice(6, 30));
      expect(await get('refused')).toBeNull();
    });

    it.each([
      ['http://localhost:4711/', 'localhost'],
      ['http://LOCALHOST.:4711/', 'localhost'],
      ['http://%6cocalhost%2e./', 'localhost'],
      ['http://any.localhost/', 'any.localhost'],
      ['http://127.1./', '127.0.0.1'],
      ['http://127.0.0.1../', '127.0.0.1'],
      ['http://017700000001/', '127.0.0.1'],
      ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ])('refuses an address of this machine: %s', async (url, address) => {
      const { errors } = await graphql.run(CREATE, { input: { webhookId: 'refused', url } });
      const message = expect.stringContaining(`private address ${address}, unless`);
      expect(errors).toMatchObject([{ message, extensions: { argument: 'input.url' } }]);
    });
  });

  it('never show their secret', async () => {
    const names = async (name: string) => {
      const { __type } = await graphql.data(TYPE, { name });
      return (__type.fields ?? __type.inputFields).map((field: { name: string }) => field.name);
    };
    for (const type of ['Webhook', 'WebhookFilter', 'DeleteWebhookPayload']) {
      expect(await names(type)).not.toContain('secret');
    }
    expect(await names('Webhook')).toContain('url');
  });

  it('belong to a project', async () => {
    await create('ours');
    expect(await get('ours', 'another-project')).toBeNull();
    const { errors } = await graphql.run(DELETE, { input: { webhookId: 'ours' } }, 'another-project');
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND' } }]);
  });
});
