import { expect, it } from 'vitest';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL } from '../../support/graphql.ts';

const CREATE = `mutation ($input: CreateSavedViewInput!) { createSavedView(input: $input) {
  savedView { id name description path query pinned createdBy createdAt updatedAt }
} }`;
const UPDATE = `mutation ($input: UpdateSavedViewInput!) { updateSavedView(input: $input) {
  savedView { id name query pinned createdBy updatedAt }
} }`;
const DELETE =
  'mutation ($input: DeleteSavedViewInput!) { deleteSavedView(input: $input) { savedView { name } } }';
const LIST = `{ savedViews(filter: { path: { eq: "/models" } }, orderBy: { field: PINNED, direction: ASC }) {
  totalCount nodes { name }
} }`;

const VIEW = { name: 'Chat, last week', path: '/models', query: 'range=P7D&provider=openai' };

describeEachDatabase('saved views', (database) => {
  it('are kept for the project, under the name of the key, and can be changed', async () => {
    await using graphql = await startGraphQL(database);
    const { key } = await graphql.services.keys.create({ projectId: null, scopes: ['ADMIN'], name: 'wall' });
    const caller = { ...callerOf('default', ['INGEST', 'READ']), keyId: key.id };
    const { savedView } = (await graphql.data(CREATE, { input: VIEW }, caller)).createSavedView;
    expect(savedView).toEqual({
      ...VIEW,
      ...{ id: expect.stringMatching(/^SavedView:/), description: null, pinned: null, createdBy: 'wall' },
      ...{ createdAt: NOW, updatedAt: NOW },
    });
    for (const [name, pinned] of Object.entries({ second: 2, first: 1 }))
      await graphql.data(CREATE, { input: { ...VIEW, name, pinned } });
    await graphql.data(CREATE, { input: { ...VIEW, path: '/', query: '' } });
    await graphql.data(CREATE, { input: VIEW }, 'other');

    const { id } = savedView;
    const changed = await graphql.data(UPDATE, { input: { id, name: 'third', query: null, pinned: 3 } });
    expect(changed.updateSavedView.savedView).toMatchObject({ name: 'third', query: '', pinned: 3 });
    const { updatedAt } = changed.updateSavedView.savedView;
    expect(updatedAt > NOW).toBe(true);
    const late = { input: { id, name: 'fourth', expectedUpdatedAt: savedView.updatedAt } };
    expect((await graphql.run(UPDATE, late)).errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'CONFLICT', argument: 'input.expectedUpdatedAt', current: { name: 'third' } },
    });
    const same = await graphql.data(UPDATE, { input: { id, name: 'third', expectedUpdatedAt: updatedAt } });
    expect(same.updateSavedView.savedView).toMatchObject({ updatedAt, createdBy: 'wall' });
    const nodes = [{ name: 'first' }, { name: 'second' }, { name: 'third' }];
    expect((await graphql.data(LIST)).savedViews).toEqual({ totalCount: 3, nodes });

    await graphql.data(DELETE, { input: { id } });
    expect((await graphql.data(LIST)).savedViews.nodes).toEqual(nodes.slice(0, 2));
  });

  it('are refused with a message that says what is valid', async () => {
    await using graphql = await startGraphQL(database);
    const { savedView } = (await graphql.data(CREATE, { input: VIEW })).createSavedView;
    const refusals: [string, object, string, string][] = [
      [CREATE, { ...VIEW, name: ' ' }, 'BAD_USER_INPUT', 'input.name'],
      [CREATE, { ...VIEW, path: '//elsewhere.example' }, 'BAD_USER_INPUT', 'input.path'],
      [CREATE, { ...VIEW, path: '/\\elsewhere.example' }, 'BAD_USER_INPUT', 'input.path'],
      [CREATE, { ...VIEW, path: 'https://elsewhere.example' }, 'BAD_USER_INPUT', 'input.path'],
      [CREATE, { ...VIEW, path: '/models?range=P7D' }, 'BAD_USER_INPUT', 'input.path'],
      [CREATE, { ...VIEW, query: '?range=P7D' }, 'BAD_USER_INPUT', 'input.query'],
      [CREATE, { ...VIEW, query: 'range=P7D#token=x' }, 'BAD_USER_INPUT', 'input.query'],
      [CREATE, { ...VIEW, query: 'x'.repeat(8_001) }, 'BAD_USER_INPUT', 'input.query'],
      [CREATE, { ...VIEW, pinned: -1 }, 'BAD_USER_INPUT', 'input.pinned'],
      [CREATE, { ...VIEW, id: savedView.id.split(':')[1] }, 'CONFLICT', 'input.id'],
      [UPDATE, { id: 'Board:x' }, 'BAD_USER_INPUT', 'input.id'],
      [UPDATE, { id: '00000000-0000-4000-8000-000000000000' }, 'NOT_FOUND', 'input.id'],
      [DELETE, { id: '00000000-0000-4000-8000-000000000000' }, 'NOT_FOUND', 'input.id'],
    ];
    for (const [mutation, input, code, argument] of refusals) {
      const { errors } = await graphql.run(mutation, { input });
      expect(errors?.[0]?.extensions, JSON.stringify(input)).toMatchObject({ code, argument });
    }
    const { errors } = await graphql.run(CREATE, { input: VIEW }, callerOf('default', ['READ']));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'INGEST' });
  });

  it('are limited to 1,000 in a project', async () => {
    await using graphql = await startGraphQL(database);
    const { store } = graphql.services;
    const at = new Date(NOW);
    const rows = Array.from({ length: 1_000 }, (_, index) => ({
      ...{ projectId: 'default', id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}` },
      ...{ ...VIEW, createdAt: at, updatedAt: at },
    }));
    await store.prisma.savedView.createMany({ data: rows });
    const { errors } = await graphql.run(CREATE, { input: VIEW });
    expect(errors).toMatchObject([
      {
        message: 'The project already has 1000 saved views: delete some first.',
        extensions: { code: 'CONFLICT' },
      },
    ]);
    await graphql.data(CREATE, { input: VIEW }, 'other');
  });
});
