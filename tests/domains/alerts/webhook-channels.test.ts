import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CREATE, ROTATE, UPDATE, webhooksOf } from './support/webhooks.ts';

const TOKEN = 'abcdefTOKENghijkl';
const SLACK_URL = `https://hooks.slack.com/services/T0000/B0000/${TOKEN}`;
const KEY = 'R02ABCDEFGHIJKLMNOPQRSTUVWXYZ012';
const PAGERDUTY = { kind: 'PAGERDUTY', url: 'https://events.pagerduty.com/v2/enqueue', secret: KEY };

describeEachDatabase('webhooks that are more than a url', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const { create, stored } = webhooksOf(() => graphql);
  const refused = async (document: string, input: object) =>
    (await graphql.run(document, { input })).errors?.map(({ message, extensions }) => ({
      message,
      argument: extensions['argument'],
    }));

  describe('EMAIL', () => {
    const TEAM = 'mailto:ana@acme.example,bo@acme.example';
    let mailing: TestGraphQL;
    beforeAll(async () => {
      const environment = {
        SMTP_URL: 'smtps://telltale:correct%20horse@smtp.acme.example',
        SMTP_FROM: 'alerts@acme.example',
      };
      mailing = await startGraphQL(database, { databaseUrl: graphql.databaseUrl, environment });
    });
    afterAll(() => mailing[Symbol.asyncDispose]());

    const refusedBy = async (server: TestGraphQL, document: string, input: object) =>
      (await server.run(document, { input })).errors?.map(({ message, extensions }) => ({
        message,
        argument: extensions['argument'],
      }));

    it('need a mail server', async () => {
      const message =
        'kind EMAIL needs a mail server: set SMTP_URL and SMTP_FROM in the environment of this server.';
      const input = { webhookId: 'no-mail', kind: 'EMAIL', url: TEAM };
      expect(await refused(CREATE, input)).toEqual([{ message, argument: 'input.kind' }]);
      await create('no-mail');
      expect(await refused(UPDATE, input)).toEqual([{ message, argument: 'input.kind' }]);
    });

    it('have addresses, which every reader sees, and no secret', async () => {
      const input = { webhookId: 'team', kind: 'EMAIL', url: TEAM };
      const { createWebhook } = await mailing.data(CREATE, { input });
      expect(createWebhook).toMatchObject({ secret: '', webhook: { url: TEAM } });
      expect(await refusedBy(mailing, ROTATE, { webhookId: 'team' })).toEqual([
        {
          message: 'E-mail needs no secret.',
          argument: 'input.webhookId',
        },
      ]);
      const url = 'mailto:cy@acme.example';
      const { updateWebhook } = await mailing.data(UPDATE, { input: { webhookId: 'team', url } });
      expect(updateWebhook.webhook).toMatchObject({ url });
      // Other changes need no mail server.
      const { updateWebhook: renamed } = await graphql.data(UPDATE, {
        input: { webhookId: 'team', description: 'All of us' },
      });
      expect(renamed.webhook).toMatchObject({ url, description: 'All of us' });
    });

    it.each([
      ['https://hooks.example.com/'],
      ['mailto:'],
      ['mailto:ana'],
      ['mailto:ana@acme.example, bo@acme.example'],
      ['mailto:ana@acme.example?subject=hello'],
      ['mailto:?to=ana@acme.example'],
      ['mailto:ana@acme.example%0D%0ABcc:eve@evil.example'],
      ['mailto:ana@acme.example\r\nBcc:eve@evil.example'],
      ['mailto:Ana <ana@acme.example>'],
      ['mailto:ana@acme..example'],
      [`mailto:${'a'.repeat(65)}@acme.example`],
    ])('refuse %j', async (url) => {
      expect(await refusedBy(mailing, CREATE, { webhookId: 'refused', kind: 'EMAIL', url })).toEqual([
        { message: expect.stringMatching(/^url must be "mailto:" and addresses/), argument: 'input.url' },
      ]);
    });

    it('refuse a secret, and no other kind accepts addresses', async () => {
      const input = { webhookId: 'refused', kind: 'EMAIL', url: TEAM, secret: KEY };
      expect(await refusedBy(mailing, CREATE, input)).toMatchObject([{ argument: 'input.secret' }]);
      expect(await refusedBy(mailing, CREATE, { webhookId: 'refused', url: TEAM })).toMatchObject([
        { argument: 'input.url' },
      ]);
    });
  });

  describe('with groupWait', () => {
    const groupWaitOf = async (webhookId: string) => (await stored(webhookId)).groupWait;

    it('are only of kinds that people read', async () => {
      await create('grouped', { kind: 'SLACK', url: SLACK_URL, groupWait: 'PT30S' });
      expect(await groupWaitOf('grouped')).toBe('PT30S');
      await graphql.data(UPDATE, { input: { webhookId: 'grouped', groupWait: null } });
      expect(await groupWaitOf('grouped')).toBeNull();
      await create('off', { groupWait: 'PT0S' });
    });

    it.each([
      ['WEBHOOK', {}],
      ['PAGERDUTY', PAGERDUTY],
    ])('are not %s', async (kind, fields) => {
      const message =
        `groupWait must be omitted or null for ${kind}: programs read these messages, so each alert ` +
        'is sent separately.';
      const url = 'https://hooks.example.com/';
      const input = { webhookId: 'refused', url, ...fields, groupWait: 'PT30S' };
      expect(await refused(CREATE, input)).toEqual([{ message, argument: 'input.groupWait' }]);
      const webhookId = `was-slack-${kind.toLowerCase()}`;
      await create(webhookId, { kind: 'SLACK', url: SLACK_URL, groupWait: 'PT30S' });
      expect(await refused(UPDATE, { webhookId, kind, url, ...fields })).toEqual([
        { message, argument: 'input.groupWait' },
      ]);
    });

    it('wait at most an hour', async () => {
      const input = { webhookId: 'refused', kind: 'SLACK', url: SLACK_URL, groupWait: 'PT61M' };
      expect(await refused(CREATE, input)).toMatchObject([{ argument: 'input.groupWait' }]);
    });
  });
});
