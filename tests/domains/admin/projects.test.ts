import { expect, it } from 'vitest';
import type { Caller } from '../../../src/access/caller.ts';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const CREATE =
  'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { projectId name } } }';
const UPDATE =
  'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { project { projectId name } } }';
const DELETE =
  'mutation ($input: DeleteProjectInput!) { deleteProject(input: $input) { project { projectId deletingAt } } }';
const LIST = '{ projects { nodes { projectId name createdAt deletingAt } } }';

const ofOne = (projectId: string): Caller => ({ ...callerOf(projectId, ['ADMIN']), allProjects: false });

const errorOf = async (graphql: TestGraphQL, source: string, input: object, caller?: Caller) =>
  (await graphql.run(source, { input }, caller)).errors?.[0];

describeEachDatabase('projects', (database) => {
  it('are created, listed and renamed', async () => {
    await using graphql = await startGraphQL(database);
    expect(await graphql.data(CREATE, { input: { projectId: 'shop' } })).toEqual({
      createProject: { project: { projectId: 'shop', name: 'shop' } },
    });
    expect(await graphql.data(UPDATE, { input: { projectId: 'shop', name: 'The shop' } })).toEqual({
      updateProject: { project: { projectId: 'shop', name: 'The shop' } },
    });
    expect((await graphql.data(LIST)).projects.nodes).toEqual([
      { projectId: 'default', name: 'Default', createdAt: expect.any(String), deletingAt: null },
      { projectId: 'shop', name: 'The shop', createdAt: NOW, deletingAt: null },
    ]);
  });

  it('are refused with a message that says what is valid', async () => {
    await using graphql = await startGraphQL(database);
    const refusals: [string, object, string, RegExp, string][] = [
      [
        CREATE,
        { projectId: 'My Shop' },
        'BAD_USER_INPUT',
        /is not a valid project id\. Use 1 to 63/,
        'projectId',
      ],
      [
        CREATE,
        { projectId: 'a', name: ' ' },
        'BAD_USER_INPUT',
        /^A name must have 1 to 100 characters/,
        'name',
      ],
      [CREATE, { projectId: 'a', name: 'x\u001b[2J' }, 'BAD_USER_INPUT', /no control characters/, 'name'],
      [CREATE, { projectId: 'default' }, 'CONFLICT', /^The project "default" already exists\.$/, 'projectId'],
      [
        UPDATE,
        { projectId: 'nowhere', name: 'x' },
        'NOT_FOUND',
        /^There is no project "nowhere"/,
        'projectId',
      ],
      [
        DELETE,
        { projectId: 'nowhere', confirm: 'nowhere' },
        'NOT_FOUND',
        /no project "nowhere"/,
        'projectId',
      ],
      [
        DELETE,
        { projectId: 'default', confirm: 'default' },
        'BAD_USER_INPUT',
        /"default" cannot be deleted/,
        'projectId',
      ],
      [
        DELETE,
        { projectId: 'default', confirm: 'yes' },
        'BAD_USER_INPUT',
        /repeat its id "default"/,
        'confirm',
      ],
    ];
    for (const [source, input, code, message, argument] of refusals) {
      expect(await errorOf(graphql, source, input), JSON.stringify(input)).toMatchObject({
        message: expect.stringMatching(message),
        extensions: { code, argument: `input.${argument}` },
      });
    }
    expect((await graphql.data(LIST)).projects.nodes).toHaveLength(1);
  });

  it('are managed by a key of all projects; a key of one project may rename and see only its own', async () => {
    await using graphql = await startGraphQL(database);
    await graphql.data(CREATE, { input: { projectId: 'shop' } });
    const shop = ofOne('shop');
    const forbidden = { extensions: { code: 'FORBIDDEN' } };
    expect(await errorOf(graphql, CREATE, { projectId: 'other' }, shop)).toMatchObject({
      ...forbidden,
      message: '`createProject` needs an API key for all projects. This one is only for the project "shop".',
    });
    expect(await errorOf(graphql, DELETE, { projectId: 'shop', confirm: 'shop' }, shop)).toMatchObject(
      forbidden,
    );
    expect(await errorOf(graphql, UPDATE, { projectId: 'default', name: 'mine' }, shop)).toMatchObject(
      forbidden,
    );
    expect((await graphql.run(LIST, {}, shop)).data?.projects.nodes).toEqual([
      { projectId: 'shop', name: 'shop', createdAt: NOW, deletingAt: null },
    ]);
    expect(await errorOf(graphql, UPDATE, { projectId: 'shop', name: 'Ours' }, shop)).toBeUndefined();
  });
});
