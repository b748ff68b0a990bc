import { expect, it } from 'vitest';
import type { Caller } from '../../../src/access/caller.ts';
import { isKeyText } from '../../../src/access/key-text.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const QUOTAS = 'eventsPerMinute eventsPerDay queryCostPerMinute';
const KEY = `apiKeyId projectId name start scopes trustedDocumentsOnly createdAt expiresAt revokedAt lastUsedAt ${QUOTAS}`;
const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { ${KEY} } text } }`;
const REVOKE = `mutation ($id: UUID!) { revokeApiKey(input: { apiKeyId: $id }) { apiKey { ${KEY} } } }`;
const LIST = `query ($projectId: String) { apiKeys(projectId: $projectId) { nodes { ${KEY} } } }`;

const shopAdmin: Caller = { ...callerOf('shop', ['ADMIN']), allProjects: false };

async function start(database: Parameters<typeof startGraphQL>[0]) {
  const graphql = await startGraphQL(database);
  await graphql.services.projects.create({ projectId: 'shop' });
  return graphql;
}

const create = async (graphql: TestGraphQL, input: object, caller?: Caller) =>
  (await graphql.data(CREATE, { input }, caller)).createApiKey;

describeEachDatabase('API keys', (database) => {
  it('are created with a text that is shown once, listed and revoked', async () => {
    await using graphql = await start(database);
    const input = {
      project: 'shop',
      scopes: ['INGEST', 'READ'],
      name: 'ci',
      expiresIn: 'P90D',
      eventsPerDay: 1000,
    };
    const { apiKey, text } = await create(graphql, input);
    expect(apiKey).toEqual({
      apiKeyId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      projectId: 'shop',
      name: 'ci',
      start: text.slice(0, 12),
      scopes: ['READ', 'INGEST'],
      trustedDocumentsOnly: false,
      createdAt: NOW,
      expiresAt: '2027-02-20T12:00:00.000Z',
      revokedAt: null,
      lastUsedAt: null,
      eventsPerMinute: null,
      eventsPerDay: 1000,
      queryCostPerMinute: null,
    });
    expect(isKeyText(text)).toBe(true);
    expect((await graphql.data(LIST)).apiKeys.nodes).toEqual([apiKey]);
    graphql.clock.advance(1000);
    const revoked = { ...apiKey, revokedAt: '2026-11-22T12:00:01.000Z' };
    const id = apiKey.apiKeyId;
    expect((await graphql.data(REVOKE, { id: id.toUpperCase() })).revokeApiKey).toEqual({ apiKey: revoked });
    graphql.clock.advance(1000);
    expect((await graphql.data(REVOKE, { id })).revokeApiKey).toEqual({ apiKey: revoked });
    expect((await graphql.data(LIST)).apiKeys.nodes).toEqual([revoked]);
  });

  it('may be limited to trusted documents', async () => {
    await using graphql = await start(database);
    const { apiKey } = await create(graphql, { scopes: ['ADMIN'], trustedDocumentsOnly: true });
    expect(apiKey.trustedDocumentsOnly).toBe(true);
    expect((await graphql.data(LIST)).apiKeys.nodes).toEqual([apiKey]);
  });

  it('of one project manage only the keys of that project', async () => {
    await using graphql = await start(database);
    const ofAll = await create(graphql, { scopes: ['ADMIN'] });
    expect(ofAll.apiKey.projectId).toBeNull();
    const ofDefault = await create(graphql, { project: 'default', scopes: ['READ'] });
    const own = await create(graphql, { scopes: ['READ', 'ADMIN'] }, shopAdmin);
    expect(own.apiKey).toMatchObject({ projectId: 'shop', expiresAt: null, scopes: ['READ', 'ADMIN'] });

    const listed = async (projectId?: string, caller?: Caller) =>
      (await graphql.data(LIST, { projectId }, caller)).apiKeys.nodes;
    expect(await listed(undefined, shopAdmin)).toEqual([own.apiKey]);
    expect(await listed('shop', shopAdmin)).toEqual([own.apiKey]);
    expect(await listed('default')).toEqual([ofDefault.apiKey]);
    expect(await listed()).toHaveLength(3);

    const refusals: [string, Record<string, unknown>, string][] = [
      [CREATE, { input: { project: 'default', scopes: ['READ'] } }, 'FORBIDDEN'],
      [LIST, { projectId: 'default' }, 'FORBIDDEN'],
      [REVOKE, { id: ofDefault.apiKey.apiKeyId }, 'NOT_FOUND'],
      [REVOKE, { id: ofAll.apiKey.apiKeyId }, 'NOT_FOUND'],
    ];
    for (const [source, variables, code] of refusals) {
      const { errors } = await graphql.run(source, variables, shopAdmin);
      expect(errors, source).toMatchObject([{ extensions: { code } }]);
    }
    const all: { revokedAt: unknown }[] = await listed();
    expect(all.map(({ revokedAt }) => revokedAt)).toEqual([null, null, null]);
  });

  it.each([
    [{ project: 'shop', scopes: [] }, 'BAD_USER_INPUT', 'A key needs at least one scope.'],
    [{ scopes: ['READ', 'INGEST'] }, 'BAD_USER_INPUT', 'A key for all projects needs the scope ADMIN.'],
    [{ project: 'nowhere', scopes: ['READ'] }, 'NOT_FOUND', 'There is no project "nowhere".'],
    [
      { project: 'shop', scopes: ['READ'], name: '' },
      'BAD_USER_INPUT',
      'A name must have 1 to 100 characters',
    ],
    [{ project: 'shop', scopes: ['READ'], expiresIn: 'P1Y' }, 'BAD_USER_INPUT', 'Use weeks, days or less'],
    [{ project: 'shop', scopes: ['READ'], expiresIn: '-P1D' }, 'BAD_USER_INPUT', 'Use weeks, days or less'],
    [{ project: 'shop', scopes: ['READ'], expiresIn: 'PT0S' }, 'BAD_USER_INPUT', 'Use weeks, days or less'],
    [
      { project: 'shop', scopes: ['READ'], expiresIn: 'P36501D' },
      'BAD_USER_INPUT',
      'work for at most P36500D',
    ],
    [{ project: 'shop', scopes: ['READ'], expiresIn: 'P900000000D' }, 'BAD_USER_INPUT', 'at most P36500D'],
    [
      { project: 'shop', scopes: ['READ'], eventsPerMinute: 0 },
      'BAD_USER_INPUT',
      '`input.eventsPerMinute` must',
    ],
    [
      { project: 'shop', scopes: ['READ'], queryCostPerMinute: 1_000_000_001 },
      'BAD_USER_INPUT',
      '`input.queryCostPerMinute` must be between 1 and 1000000000',
    ],
    [{ project: 'shop', scopes: ['WRITE'] }, 'BAD_USER_INPUT', 'ApiKeyScope'],
  ])('with invalid input are refused, and not stored: %j', async (input, code, message) => {
    await using graphql = await start(database);
    const { errors } = await graphql.run(CREATE, { input });
    expect(errors).toMatchObject([{ message: expect.stringContaining(message), extensions: { code } }]);
    expect((await graphql.data(LIST)).apiKeys.nodes).toEqual([]);
  });
});
