import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generations } from '../../../src/declarations/generations/generations.ts';
import { verifyRollups } from '../../../src/rollups/verify.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { broughtArchitecture, generation, llmCall, requestLog } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const RECORD = /* GraphQL */ `
  mutation ($input: [GenerationInput!]!) {
    recordGenerations(input: $input) { accepted duplicates ids rejected { dataset index field code message } }
  }
`;
const DELETE = /* GraphQL */ `
  mutation ($input: DeleteArchitectureInput!) { deleteArchitecture(input: $input) { architecture { name } } }
`;
const LIST = /* GraphQL */ `{
  generations(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { generationId kind architecture { name } } }
  architectures { totalCount }
}`;

/** Makes the database reject architectures with that name, no matter who stores them. */
const FORBID: Readonly<Record<string, string>> = {
  sqlite: `create trigger forbid before insert on architectures when new.name = 'forbidden'
    begin select raise(abort, 'forbidden'); end`,
  postgresql: `alter table architectures add constraint forbid check (name <> 'forbidden')`,
};

// Tests share a server, so tests that count use their own project.
describeEachDatabase('recordGenerations', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = async (input: readonly object[], projectId?: string) =>
    (await graphql.data(RECORD, { input }, projectId)).recordGenerations;
  const one = async (generationId: string, projectId?: string) => {
    const { generations, architecture } = await graphql.data(
      `query ($generationId: String!) {
        generations(filter: { generationId: { eq: $generationId } }) {
          nodes {
            timestamp receivedAt service environment requestId generationId provider model kind success durationMs cost
            totalTokens endUser errorType errorMessage attributes
          }
        }
        architecture(generationId: $generationId) {
          name description spec provider model kind endUser tags createdAt updatedAt
        }
      }`,
      { generationId },
      projectId,
    );
    return { generation: generations.nodes[0] ?? null, architecture };
  };

  const WHOLE = {
    timestamp: '2026-11-22T10:00:00.000Z',
    service: 'diagrams',
    environment: 'production',
    requestId: 'r-1',
    generationId: 'g-whole',
    provider: 'anthropic',
    model: 'claude-sonnet-4',
    kind: 'c4',
    durationMs: 1234.5,
    cost: 0.000000001,
    totalTokens: 4321,
    endUser: 'ann',
    attributes: { format: 'svg' },
  };

  it('stores a generation with its architecture, which inherits the values that they share', async () => {
    const architecture = { name: 'Shop', description: 'Sells', spec: { nodes: [] }, tags: ['a'] };
    expect(await record([{ ...WHOLE, architecture }])).toMatchObject({
      accepted: 1,
      duplicates: 0,
      ids: [expect.stringMatching(/^Generation:/)],
      rejected: [],
    });
    expect(await one('g-whole')).toEqual({
      generation: { ...WHOLE, receivedAt: NOW, success: true, errorType: null, errorMessage: null },
      architecture: {
        ...architecture,
        provider: 'anthropic',
        model: 'claude-sonnet-4',
        kind: 'c4',
        endUser: 'ann',
        createdAt: WHOLE.timestamp,
        updatedAt: NOW,
      },
    });
  });

  it('accepts an architecture that is written into the document', async () => {
    const { recordGenerations } = await graphql.data(`mutation {
      recordGenerations(input: [{
        generationId: "g-literal", provider: "openai", kind: "er", durationMs: 1,
        architecture: { name: "Literal", spec: { nodes: [{ id: "a", weight: 1.5 }] } }
      }]) { accepted rejected { message } }
    }`);
    expect(recordGenerations).toEqual({ accepted: 1, rejected: [] });
    expect((await one('g-literal')).architecture.spec).toEqual({ nodes: [{ id: 'a', weight: 1.5 }] });
  });

  it.each([
    [{}, true],
    [{ errorType: 'invalid_spec' }, false],
    [{ errorMessage: 'no' }, false],
    [{ errorType: 'invalid_spec', success: true }, true],
    [{ success: false }, false],
  ])('derives from %o whether it succeeded: %s', async (fields, success) => {
    const generationId = `g-success-${JSON.stringify(fields)}`;
    await record([generation(generationId, fields)]);
    expect((await one(generationId)).generation.success).toBe(success);
  });

  it('masks secrets in messages, and cuts long ones', async () => {
    const errorMessage = 'refused: Authorization: Bearer sk-abcdefghijklmnopqrstuvwx012345 is no good';
    await record([
      generation('g-secret', { errorMessage }),
      generation('g-long', { errorMessage: 'x'.repeat(5000) }),
    ]);
    const { generation: stored } = await one('g-secret');
    expect(stored.errorMessage).toContain('***');
    expect(stored.errorMessage).not.toContain('abcdefghijklmnop');
    expect((await one('g-long')).generation.errorMessage).toHaveLength(4000);
  });

  it('rejects the event whose architecture is invalid, and stores the others', async () => {
    const recorded = await record(
      [
        generation('g-1', { architecture: broughtArchitecture() }),
        generation('g-2', { architecture: broughtArchitecture({ spec: [] }) }),
        generation('g-3', { architecture: { name: 'no spec' } }),
        generation('g-4', { architecture: broughtArchitecture({ tags: [''] }) }),
        generation('g-5', { architecture: broughtArchitecture({ provider: 'mine' }) }),
        generation('g-6', { architecture: 'text' }),
        generation('g-7', { durationMs: -1, architecture: broughtArchitecture({ spec: [] }) }),
        generation('g-8', { architecture: null }),
      ],
      'rejecting',
    );
    expect(recorded).toMatchObject({
      accepted: 2,
      rejected: [
        [1, 'architecture.spec', 'WRONG_TYPE', /^architecture: spec must be a JSON object, not \[\]\.$/],
        [2, 'architecture.spec', 'REQUIRED', /^architecture: spec is required/],
        [3, 'architecture.tags', 'INVALID_VALUE', /empty text/],
        [4, 'architecture.provider', 'UNKNOWN_FIELD', /no field "provider"\. The fields are: name, d/],
        [5, 'architecture', 'WRONG_TYPE', /must be an object with fields, not "text"/],
        [6, 'durationMs', 'OUT_OF_RANGE', /^durationMs/],
      ].map(([index, field, code, message]) => ({
        dataset: 'generations',
        index,
        field,
        code,
        message: expect.stringMatching(message as RegExp),
      })),
    });
    const { generations: found, architectures } = await graphql.data(LIST, {}, 'rejecting');
    expect(found.nodes.map(({ generationId }: { generationId: string }) => generationId).sort()).toEqual([
      'g-1',
      'g-8',
    ]);
    expect(architectures.totalCount).toBe(1);
  });

  it('changes nothing when a generation is sent again', async () => {
    const events = [generation('g-again', { architecture: broughtArchitecture({ name: 'first' }) })];
    expect(await record(events)).toMatchObject({ accepted: 1, duplicates: 0 });
    const before = await one('g-again');
    graphql.clock.advance(1000);
    const changed = generation('g-again', {
      kind: 'other',
      architecture: broughtArchitecture({ name: 'second' }),
    });
    expect(await record([changed, ...events])).toMatchObject({ accepted: 0, duplicates: 2, rejected: [] });
    expect(await one('g-again')).toEqual(before);
  });

  it('stores no architecture when a generation is sent again, so that a deleted one stays deleted', async () => {
    const events = [generation('g-gone', { architecture: broughtArchitecture() })];
    await record(events);
    await graphql.data(DELETE, { input: { generationId: 'g-gone' } });
    expect(await record(events)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await one('g-gone')).architecture).toBeNull();
    // If a call contains two, the first one counts.
    const twice = ['first', 'second'].map((name) =>
      generation('g-twice', { architecture: broughtArchitecture({ name }) }),
    );
    expect(await record([...events, ...twice])).toMatchObject({ accepted: 1, duplicates: 2 });
    expect((await one('g-gone')).architecture).toBeNull();
    expect((await one('g-twice')).architecture).toMatchObject({ name: 'first' });
  });

  it('leaves a missing architecture to saveArchitecture', async () => {
    await record([generation('g-late')]);
    const events = [generation('g-late', { architecture: broughtArchitecture() })];
    expect(await record(events)).toMatchObject({ accepted: 0, duplicates: 1 });
    expect((await one('g-late')).architecture).toBeNull();
  });

  it('stays within the project', async () => {
    await record([generation('g-mine', { architecture: broughtArchitecture({ name: 'mine' }) })]);
    expect(await one('g-mine', 'another-project')).toEqual({ generation: null, architecture: null });
    const theirs = [generation('g-mine', { kind: 'theirs', architecture: broughtArchitecture() })];
    expect(await record(theirs, 'another-project')).toMatchObject({ accepted: 1 });
    expect((await one('g-mine')).architecture).toMatchObject({ name: 'mine', kind: 'aws' });
    expect((await one('g-mine', 'another-project')).architecture).toMatchObject({ kind: 'theirs' });
  });

  it('stores a generation and its architecture in one transaction: neither without the other', async () => {
    await graphql.services.store.prisma.$executeRawUnsafe(FORBID[database.dialect] as string);
    const event = (name: string) => generation(name, { architecture: broughtArchitecture({ name }) });
    const run = (...names: string[]) => graphql.run(RECORD, { input: names.map(event) }, 'forbidding');
    // Both wait for one transaction, and the one that fails must not make the others fail.
    const [fine, failed, alsoFine] = await Promise.all([
      run('fine-1', 'fine-2'),
      run('fine-3', 'forbidden'),
      run('fine-4'),
    ]);
    expect(failed.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }]);
    expect(graphql.log).toMatchObject([{ err: { message: expect.stringContaining('forbid') } }]);
    expect(fine.data?.recordGenerations).toMatchObject({ accepted: 2 });
    expect(alsoFine.data?.recordGenerations).toMatchObject({ accepted: 1 });
    const { generations: found, architectures } = await graphql.data(LIST, {}, 'forbidding');
    const names = found.nodes.map(({ generationId }: { generationId: string }) => generationId);
    expect(names.sort()).toEqual(['fine-1', 'fine-2', 'fine-4']);
    expect(architectures.totalCount).toBe(3);
    expect((await verifyRollups(graphql.services.store, generations)).differences).toEqual([]);
  });

  it('has a larger sibling, recordActivity, which stores a request with its calls, generations and their architectures', async () => {
    const { recordActivity } = await graphql.data(
      'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted ids rejected { dataset index field } } }',
      {
        input: {
          requestLogs: [requestLog('r-1')],
          llmCalls: [llmCall({ requestId: 'r-1' })],
          generations: [
            generation('g-1', { requestId: 'r-1', architecture: broughtArchitecture({ name: 'one' }) }),
            generation('g-2', { requestId: 'r-1', architecture: broughtArchitecture({ spec: null }) }),
          ],
        },
      },
      'activity',
    );
    expect(recordActivity).toEqual({
      accepted: 3,
      ids: [
        expect.stringMatching(/^RequestLog:/),
        expect.stringMatching(/^LlmCall:/),
        expect.stringMatching(/^Generation:/),
      ],
      rejected: [{ dataset: 'generations', index: 1, field: 'architecture.spec' }],
    });
    const { requestLogs } = await graphql.data(
      '{ requestLogs { nodes { llmCalls { model } generations { generationId architecture { name } } } } }',
      {},
      'activity',
    );
    expect(requestLogs.nodes).toEqual([
      {
        llmCalls: [{ model: 'gpt-4o-mini' }],
        generations: [{ generationId: 'g-1', architecture: { name: 'one' } }],
      },
    ]);
  });

  it('is followed by generationRecorded, which delivers each new generation once, with its architecture', async () => {
    const stream = await graphql.subscribe(
      `subscription { generationRecorded(filter: { kind: { ne: "er" } }) { generationId success architecture { name } } }`,
      {},
      'live',
    );
    const brought = { architecture: broughtArchitecture({ name: 'one' }) };
    await record([generation('theirs')], 'another-project');
    await record([generation('g-0', { kind: 'er' }), generation('g-1', brought)], 'live');
    await record([generation('g-1', brought), generation('g-2', { errorType: 'timeout' })], 'live');
    const next = async () => JSON.parse(JSON.stringify((await stream.next()).value.data.generationRecorded));
    expect(await next()).toEqual({ generationId: 'g-1', success: true, architecture: { name: 'one' } });
    expect(await next()).toEqual({ generationId: 'g-2', success: false, architecture: null });
    await stream.return?.();
  });
});

describe('the declaration of generations', () => {
  it('keeps events for 90 days and days forever', () => {
    expect(generations.retention).toEqual({ rows: 90, MINUTE: 7, HOUR: 400, DAY: null, ownRows: false });
  });
});
