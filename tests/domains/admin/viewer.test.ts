import { expect, it } from 'vitest';
import type { Caller } from '../../../src/access/caller.ts';
import { isOneOf } from '../../../src/core/build-filter.ts';
import { callerOf, openAccess } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL } from '../../support/graphql.ts';

const VIEWER = `{ viewer {
  scopes allProjects datasets needsKey
  project { projectId name }
  apiKey { apiKeyId name scopes expiresAt queryCostPerMinute }
} }`;

describeEachDatabase('viewer', (database) => {
  it('says who sends the request and what it may do: with a key, with a read token, and without either', async () => {
    const access = { ...openAccess, isOpen: true };
    await using graphql = await startGraphQL(database, { replace: () => ({ access }) });
    const { keys, projects } = graphql.services;
    const viewer = async (caller: Caller) => (await graphql.data(VIEWER, {}, caller)).viewer;
    const everything = { scopes: ['READ', 'INGEST', 'ADMIN'], allProjects: true, datasets: null };
    const ofDefault = { project: { projectId: 'default', name: 'Default' } };
    expect(await viewer(callerOf())).toEqual({ ...everything, ...ofDefault, apiKey: null, needsKey: false });

    access.isOpen = false;
    await projects.create({ projectId: 'shop', name: 'The shop' });
    const quotas = { queryCostPerMinute: 300 };
    const { key } = await keys.create({ projectId: 'shop', scopes: ['READ'], name: 'wall', quotas });
    const reader: Caller = { ...callerOf('shop', ['READ']), allProjects: false, keyId: key.id };
    const ofShop = { project: { projectId: 'shop', name: 'The shop' }, allProjects: false, needsKey: true };
    const apiKey = { apiKeyId: key.id, name: 'wall', scopes: ['READ'], expiresAt: null, ...quotas };
    expect(await viewer(reader)).toEqual({ ...ofShop, scopes: ['READ'], datasets: null, apiKey });
    const admin = await keys.create({ projectId: null, scopes: ['ADMIN'], name: 'me' });
    expect(await viewer({ ...callerOf('default', ['ADMIN']), keyId: admin.key.id })).toMatchObject({
      ...everything,
      ...ofDefault,
      apiKey: { name: 'me', scopes: ['ADMIN'] },
    });

    const rows = new Map([['llmCalls', isOneOf('endUser', ['user-7'])]]);
    const token: Caller = { ...reader, scopes: new Set(), rows };
    expect(await viewer(token)).toEqual({ ...ofShop, scopes: [], datasets: ['llmCalls'], apiKey: null });
  });
});
