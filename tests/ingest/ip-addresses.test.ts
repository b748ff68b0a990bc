import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { text } from '../../src/core/dataset/column.ts';
import { defineDataset } from '../../src/core/dataset/dataset.ts';
import { defineState } from '../../src/core/dataset/state.ts';
import type { IpAddresses } from '../../src/core/ip-addresses.ts';
import { requestLogs } from '../../src/declarations/traffic/request-logs.ts';
import { compileRowCheck } from '../../src/ingest/row-check.ts';
import { callerOf } from '../support/callers.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { ID, NOW } from './support/check.ts';

const RECORD = `mutation ($input: [RequestLogInput!]!) {
  recordRequestLogs(input: $input) { accepted rejected { message } }
}`;
const RECORD_ACTIVITY = 'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }';
const SHOW = '{ requestLogs { nodes { ipAddress attributes } } }';
const UPDATE = `mutation ($input: UpdateProjectInput!) {
  updateProject(input: $input) { project { projectId name ipAddresses } }
}`;
const ADDRESS = '203.0.113.77';
const NETWORK = '203.0.113.0';

const request = (ipAddress: string) => ({
  requestId: randomUUID(),
  ...{ endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 1 },
  ...{ ipAddress, attributes: { forwardedFor: ADDRESS } },
});

describeEachDatabase('IP addresses', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const create = (projectId: string, ipAddresses?: IpAddresses) =>
    graphql.data(
      `mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { ipAddresses } } }`,
      { input: { projectId, ...(ipAddresses && { ipAddresses }) } },
    );

  it.each([
    ['FULL', [ADDRESS, 'ana.example']],
    ['TRUNCATED', [NETWORK, null]],
    ['NONE', [null, null]],
  ] as const)('are stored and sent to subscribers as the project requires: %s', async (keep, kept) => {
    const projectId = keep.toLowerCase();
    expect((await create(projectId, keep)).createProject.project).toEqual({ ipAddresses: keep });
    const stream = await graphql.subscribe(
      'subscription { requestLogRecorded { ipAddress } }',
      {},
      projectId,
    );
    const both = () => [request(ADDRESS), request('ana.example')];
    const input = both();
    expect((await graphql.data(RECORD, { input }, projectId)).recordRequestLogs.rejected).toEqual([]);
    for (const ipAddress of kept) {
      expect((await stream.next()).value.data.requestLogRecorded).toEqual({ ipAddress });
    }
    await stream.return?.();
    // Like `telltale import` and `telltale collect` without a server.
    await graphql.services.ingest.record(projectId, [{ dataset: requestLogs, events: both() }]);
    await graphql.data(RECORD_ACTIVITY, { input: { requestLogs: both() } }, projectId);
    const { nodes } = (await graphql.data(SHOW, {}, projectId)).requestLogs;
    const addresses = nodes.map((node: { ipAddress: string | null }) => node.ipAddress);
    expect(addresses.sort()).toEqual([...kept, ...kept, ...kept].sort());
    expect(nodes).toContainEqual({ ipAddress: kept[0], attributes: { forwardedFor: ADDRESS } });
  });

  it("follow a change of the project's setting from that moment", async () => {
    await create('shop');
    const record = () => graphql.data(RECORD, { input: [request(ADDRESS)] }, 'shop');
    await record();
    const input = { projectId: 'shop', ipAddresses: 'TRUNCATED' };
    expect((await graphql.data(UPDATE, { input })).updateProject.project).toEqual({ ...input, name: 'shop' });
    await record();
    const named = { projectId: 'shop', name: 'The shop' };
    expect((await graphql.data(UPDATE, { input: named })).updateProject.project).toEqual({
      ...input,
      ...named,
    });
    const { nodes } = (await graphql.data(SHOW, {}, 'shop')).requestLogs;
    expect(nodes.map((node: { ipAddress: string }) => node.ipAddress).sort()).toEqual([NETWORK, ADDRESS]);
    const shown = await graphql.data(
      '{ projects { nodes { projectId ipAddresses } } }',
      {},
      {
        ...callerOf('shop', ['ADMIN']),
        allProjects: false,
      },
    );
    expect(shown.projects.nodes).toEqual([input]);
  });

  it.each(['name', 'ipAddresses'])('cannot have the setting null: %s', async (field) => {
    const { errors } = await graphql.run(UPDATE, { input: { projectId: 'default', [field]: null } });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: `input.${field}` } }]);
  });
});

it('are found by declaration, under any name of the column', () => {
  const visits = defineDataset({
    ...{ name: 'visits', entity: 'Visit', table: 'visits', description: 'A visit.' },
    columns: { visitor: text({ optional: true, ipAddress: true, description: 'Who.' }) },
    rollups: [{ dimensions: [] }],
  });
  const facts = { projectId: 'shop', now: NOW, ipAddresses: 'TRUNCATED' } as const;
  const row = compileRowCheck(visits, { ids: { next: () => ID }, services: {} })({ visitor: ADDRESS }, facts);
  expect(row).toContain(NETWORK);
  const declaration = { ...{ name: 'visitors', entity: 'Visitor', table: 'visitors', description: 'One.' } };
  const columns = { address: text({ optional: true, ipAddress: true, description: 'Where.' }) };
  expect(() => defineState({ ...declaration, columns })).toThrow(
    'visitors.address: only events have IP addresses',
  );
});
