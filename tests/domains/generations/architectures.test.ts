import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { architecture, broughtArchitecture, generation } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const FIELDS = 'generationId name description spec provider model kind endUser tags createdAt updatedAt';
const SAVE = `mutation ($input: SaveArchitectureInput!) {
  saveArchitecture(input: $input) { created architecture { id ${FIELDS} } }
}`;
const DELETE = `mutation ($input: DeleteArchitectureInput!) {
  deleteArchitecture(input: $input) { architecture { id ${FIELDS} generation { kind } } }
}`;
const GET = `query ($generationId: String!) { architecture(generationId: $generationId) { id ${FIELDS} } }`;
const RECORD =
  'mutation ($input: [GenerationInput!]!) { recordGenerations(input: $input) { accepted rejected { field message } } }';

describeEachDatabase('architectures', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const save = async (input: object, projectId?: string) =>
    (await graphql.data(SAVE, { input }, projectId)).saveArchitecture;
  const get = async (generationId: string, projectId?: string) =>
    (await graphql.data(GET, { generationId }, projectId)).architecture;

  const WHOLE = {
    name: 'Checkout',
    description: 'Takes orders: Zoë 😀',
    spec: { nodes: [{ id: 'a', size: 1.5 }], empty: {}, none: null },
    provider: 'anthropic',
    model: 'claude-sonnet-4',
    kind: 'c4',
    endUser: 'u-1',
    tags: ['prod', 'Prod', 'prod', 'ß'],
  };

  describe('saveArchitecture', () => {
    it('stores the architecture of a generation, and returns what is stored', async () => {
      const saved = await save(architecture('g-1', WHOLE));
      expect(saved).toEqual({
        created: true,
        architecture: {
          id: expect.stringMatching(/^Architecture:[0-9a-f-]{36}$/),
          generationId: 'g-1',
          ...WHOLE,
          tags: ['prod', 'Prod', 'ß'],
          createdAt: NOW,
          updatedAt: NOW,
        },
      });
      expect(await get('g-1')).toEqual(saved.architecture);
    });

    it('needs only the required fields', async () => {
      const { architecture: saved } = await save({ generationId: 'g-least', name: 'x', spec: {} });
      expect(saved).toMatchObject({ description: null, provider: null, endUser: null, tags: [], spec: {} });
      expect(await get('g-least')).toEqual(saved);
    });

    it('replaces the existing one, except for its creation time', async () => {
      await using moved = await startGraphQL(database);
      const input = architecture('g-1', WHOLE);
      const before = (await moved.data(SAVE, { input })).saveArchitecture.architecture;
      moved.clock.advance(5_000);
      const replacement = architecture('g-1', { name: 'Checkout 2' });
      const { saveArchitecture } = await moved.data(SAVE, { input: replacement });
      expect(saveArchitecture).toEqual({
        created: false,
        architecture: {
          id: before.id,
          ...replacement,
          description: null,
          provider: null,
          model: null,
          kind: null,
          endUser: null,
          tags: [],
          createdAt: NOW,
          updatedAt: '2026-11-22T12:00:05.000Z',
        },
      });
      const { architectures, architecture: found } = await moved.data(
        `{ architectures { totalCount } architecture(generationId: "g-1") { id ${FIELDS} } }`,
      );
      expect(architectures.totalCount).toBe(1);
      expect(found).toEqual(saveArchitecture.architecture);
    });

    it('changes the creation time if one is given', async () => {
      const createdAt = '2024-02-29T01:02:03.004Z';
      expect(await save(architecture('g-time', { createdAt }))).toMatchObject({
        architecture: { createdAt },
      });
      expect(await save(architecture('g-time'))).toMatchObject({ architecture: { createdAt } });
      const later = '2025-01-01T00:00:00.000Z';
      expect(await save(architecture('g-time', { createdAt: later }))).toMatchObject({ created: false });
      expect(await get('g-time')).toMatchObject({ createdAt: later });
    });

    it('handles concurrent saves of one generation: one creates, the others replace', async () => {
      const names = Array.from({ length: 8 }, (_, index) => `racer ${index}`);
      const saved = await Promise.all(names.map((name) => save(architecture('g-race', { name }))));
      expect(saved.filter(({ created }) => created)).toHaveLength(1);
      expect(saved.map(({ architecture: { name } }) => name)).toEqual(names);
      expect(names).toContain((await get('g-race')).name);
    });

    it('replaces an architecture that an event stores between its read and its write', async () => {
      let recorded: Promise<unknown> | undefined;
      const record = () => {
        const brought = broughtArchitecture({ name: 'brought' });
        return racing.data(RECORD, { input: [generation('g-1', { architecture: brought })] });
      };
      await using racing: TestGraphQL = await startGraphQL(database, {
        replace: ({ store }) => ({
          store: {
            ...store,
            transact: (key, work) =>
              store.transact(key, ({ architecture: rows }) => {
                const findUnique = async (query: never) => {
                  const found = await rows.findUnique(query);
                  recorded ??= record();
                  // A file has one writer at a time, so the event waits there for the save.
                  if (database.dialect === 'postgresql') await recorded;
                  return found;
                };
                const { create, update } = rows;
                return work({ architecture: { findUnique, create, update } } as never);
              }),
          },
        }),
      });
      const input = architecture('g-1', { name: 'saved' });
      const { saveArchitecture } = await racing.data(SAVE, { input });
      await recorded;
      expect(saveArchitecture).toMatchObject({
        created: database.dialect === 'sqlite',
        architecture: { name: 'saved' },
      });
      const { architectures } = await racing.data('{ architectures { nodes { name } } }');
      expect(architectures.nodes).toEqual([{ name: 'saved' }]);
    });

    it.each([
      ['an empty generation', { generationId: '' }, 'input.generationId', /must not be empty/],
      ['a long name', { name: 'x'.repeat(501) }, 'input.name', /at most 500 characters; it has 501/],
      ['a specification that is a list', { spec: [1] }, 'input.spec', /JSON object, not \[1\]/],
      ['a large specification', { spec: { a: 'x'.repeat(1e6) } }, 'input.spec', /at most 1000000 characters/],
      ['U+0000', { description: 'a\0b' }, 'input.description', /U\+0000/],
      ['U+0000 inside the specification', { spec: { a: 'a\0b' } }, 'input.spec', /U\+0000/],
      ['an empty tag', { tags: ['a', ''] }, 'input.tags', /empty text/],
      [
        'too many tags',
        { tags: Array.from({ length: 51 }, (_, index) => `t${index}`) },
        'input.tags',
        /at most 50 items; it has 51/,
      ],
      [
        'a time far in the future',
        { createdAt: '2026-11-23T12:00:00.001Z' },
        'input.createdAt',
        /createdAt must not be more than 24 h in the future/,
      ],
      ['a time before 1970', { createdAt: '1969-12-31T23:59:59Z' }, 'input.createdAt', /not be before 1970/],
    ])('refuses %s, and stores nothing', async (_case, fields, argument, message) => {
      const { data, errors } = await graphql.run(SAVE, { input: architecture('g-bad', fields) });
      expect(data).toBeNull();
      expect(errors).toMatchObject([
        {
          path: ['saveArchitecture'],
          message: expect.stringMatching(message),
          extensions: { code: 'BAD_USER_INPUT', argument },
        },
      ]);
      expect(await get('g-bad')).toBeNull();
    });

    it.each([
      ['a missing name', { generationId: 'g', spec: {} }],
      ['an unknown field', architecture('g', { colour: 'red' })],
      ['a field of the server', architecture('g', { specText: 'mine' })],
    ])('refuses %s by the schema', async (_case, input) => {
      const { errors } = await graphql.run(SAVE, { input });
      expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', variable: 'input' } }]);
    });
  });

  describe('architecture', () => {
    it('is null for a generation without one', async () => {
      expect(await get('nothing')).toBeNull();
      expect(await get('a\0b')).toBeNull();
    });

    it('can also be found by node', async () => {
      const { architecture: saved } = await save(architecture('g-node'));
      const { node } = await graphql.data(
        `query ($id: ID!) { node(id: $id) { __typename id ... on Architecture { name } } }`,
        { id: saved.id },
      );
      expect(node).toEqual({ __typename: 'Architecture', id: saved.id, name: 'Web shop' });
    });
  });

  describe('deleteArchitecture', () => {
    it('deletes it, and returns its last state; the generation stays', async () => {
      await graphql.data(RECORD, { input: [generation('g-gone', { kind: 'er' })] });
      const { architecture: saved } = await save(architecture('g-gone', WHOLE));
      const { deleteArchitecture } = await graphql.data(DELETE, { input: { generationId: 'g-gone' } });
      expect(deleteArchitecture).toEqual({ architecture: { ...saved, generation: { kind: 'er' } } });
      expect(await get('g-gone')).toBeNull();
      const { generations } = await graphql.data(
        '{ generations(filter: { generationId: { eq: "g-gone" } }) { nodes { architecture { name } } } }',
      );
      expect(generations.nodes).toEqual([{ architecture: null }]);
      expect(await save(architecture('g-gone'))).toMatchObject({ created: true });
    });

    it('is NOT_FOUND if it does not exist, also the second time', async () => {
      await save(architecture('g-twice'));
      const remove = () => graphql.run(DELETE, { input: { generationId: 'g-twice' } });
      const results = await Promise.all([remove(), remove()]);
      expect(results.filter(({ errors }) => errors === undefined)).toHaveLength(1);
      expect(results.flatMap(({ errors }) => errors ?? [])).toMatchObject([
        {
          message: 'The generation "g-twice" has no architecture.',
          extensions: { code: 'NOT_FOUND', argument: 'input.generationId' },
        },
      ]);
    });
  });

  it('belong to a project, and so do their names', async () => {
    const { architecture: ours } = await save(architecture('g-shared', { name: 'ours' }));
    const { created, architecture: theirs } = await save(
      architecture('g-shared', { name: 'theirs' }),
      'another-project',
    );
    expect(created).toBe(true);
    expect(theirs.id).not.toBe(ours.id);
    await graphql.data(DELETE, { input: { generationId: 'g-shared' } }, 'another-project');
    expect(await get('g-shared', 'another-project')).toBeNull();
    expect(await get('g-shared')).toMatchObject({ name: 'ours' });
    const { node } = await graphql.data(
      'query ($id: ID!) { node(id: $id) { id } }',
      { id: ours.id },
      'another-project',
    );
    expect(node).toBeNull();
  });
});
