import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { createProjectRemoval, SETTLE_MS, tablesOfProjects } from '../../../src/access/project-removal.ts';
import { getDatamodel } from '../../../src/generated/pothos-types.ts';
import type { Store } from '../../../src/storage/store.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const CREATE =
  'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { projectId name } } }';
const UPDATE =
  'mutation ($input: UpdateProjectInput!) { updateProject(input: $input) { project { projectId name } } }';
const DELETE =
  'mutation ($input: DeleteProjectInput!) { deleteProject(input: $input) { project { projectId deletingAt } } }';
const RECORD = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';

const errorOf = async (graphql: TestGraphQL, source: string, input: object) =>
  (await graphql.run(source, { input })).errors?.[0];

interface Delegate {
  create(args: { data: object }): Promise<unknown>;
  count(args: { where: { projectId: string } }): Promise<number>;
}

/**
 * Records for copies of the events, which outlast a project: they name it, but hold none of its
 * data.
 */
const NOTES = ['ProjectRemoval', 'RowCorrection'];

/**
 * The Prisma models with data of projects. The removal uses another source, so neither can hide a
 * gap of the other.
 */
const models = Object.entries(getDatamodel().datamodel.models).filter(
  ([model, { fields }]) => !NOTES.includes(model) && fields.some(({ name }) => name === 'projectId'),
);

function delegateOf({ prisma }: Store, model: string): Delegate {
  const name = `${model[0]?.toLowerCase()}${model.slice(1)}`;
  return (prisma as unknown as Record<string, Delegate>)[name] as Delegate;
}

/**
 * The number of rows of each model and of each table that belong to the project, without those that
 * have none.
 */
async function rowsOf(store: Store, projectId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const [model] of models) {
    counts[model] = await delegateOf(store, model).count({ where: { projectId } });
  }
  for (const table of await tablesOfProjects(store)) {
    const { count } = await store.query
      .selectFrom(table)
      .select((expression) => expression.fn.countAll().as('count'))
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    counts[table] = Number(count);
  }
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

async function notedRemovals({ prisma }: Store): Promise<string[]> {
  const noted = await prisma.projectRemoval.findMany({ orderBy: { number: 'asc' } });
  return noted.map(({ projectId }) => projectId);
}

/** Gives the project rows in every model, with invented values. */
async function fillEveryTable(store: Store, projectId: string): Promise<void> {
  for (const [model, { fields }] of models) {
    if (model === 'Project') continue;
    const isKey = fields.some(({ name, isId }) => name === 'projectId' && isId);
    for (let row = 0; row < (isKey ? 1 : 2); row++) {
      const values = fields
        .filter(({ isRequired, kind, name }) => isRequired && kind === 'scalar' && name !== 'projectId')
        .map(({ name, type }) => [name, madeUp(type)]);
      await delegateOf(store, model).create({ data: { ...Object.fromEntries(values), projectId } });
    }
  }
}

function madeUp(type: string): unknown {
  switch (type) {
    case 'String':
      // Some columns of PostgreSQL are UUIDs.
      return randomUUID();
    case 'DateTime':
      return new Date(NOW);
    case 'Json':
      return {};
    case 'Boolean':
      return false;
    case 'Bytes':
      return new Uint8Array();
    case 'BigInt':
      return 1n;
    default:
      return 1;
  }
}

/**
 * Creates the project `shop` with this many calls, and deletes it: the removal of its data is due.
 */
async function deleteShop(graphql: TestGraphQL, calls: number) {
  const { clock, services } = graphql;
  await graphql.data(CREATE, { input: { projectId: 'shop' } });
  if (calls > 0)
    await graphql.data(RECORD, { input: Array.from({ length: calls }, () => llmCall()) }, 'shop');
  await graphql.data(DELETE, { input: { projectId: 'shop', confirm: 'shop' } });
  clock.advance(SETTLE_MS);
  return { clock, store: services.store };
}

describeEachDatabase('projects that are deleted', (database) => {
  it('lose every row of every table, while other projects lose none', async () => {
    await using graphql = await startGraphQL(database);
    const {
      clock,
      services: { store },
    } = graphql;
    for (const projectId of ['shop', 'other']) {
      await graphql.data(CREATE, { input: { projectId } });
      await graphql.data(RECORD, { input: [llmCall(), llmCall(), llmCall()] }, projectId);
      await fillEveryTable(store, projectId);
    }
    const before = await rowsOf(store, 'other');
    expect(Object.keys(before)).toEqual(expect.arrayContaining(models.map(([model]) => model)));
    const withoutProject = await store.prisma.apiKey.create({
      data: { id: 'all', start: 'tlt_', hash: 'all', scopes: 'ADMIN', createdAt: new Date(NOW) },
    });

    const input = { projectId: 'shop', confirm: 'shop' };
    const deleted = { deleteProject: { project: { projectId: 'shop', deletingAt: NOW } } };
    expect(await graphql.data(DELETE, { input })).toEqual(deleted);
    clock.advance(1);
    expect(await graphql.data(DELETE, { input })).toEqual(deleted);
    expect(await errorOf(graphql, CREATE, { projectId: 'shop' })).toMatchObject({
      message: expect.stringMatching(/^The project "shop" is being deleted\./),
      extensions: { code: 'CONFLICT' },
    });
    expect(await errorOf(graphql, UPDATE, { projectId: 'shop', name: 'x' })).toMatchObject({
      extensions: { code: 'NOT_FOUND' },
    });

    const removal = createProjectRemoval({ store, clock, batchSize: 2 });
    clock.advance(SETTLE_MS - 2);
    expect(await removal.run()).toEqual([]);
    expect(await rowsOf(store, 'shop')).toEqual(before);
    expect(await notedRemovals(store)).toEqual([]);
    clock.advance(1);
    expect(await removal.run()).toEqual([{ projectId: 'shop', rows: expect.any(Number) }]);
    expect(await rowsOf(store, 'shop')).toEqual({});
    expect(await rowsOf(store, 'other')).toEqual(before);
    expect(await store.prisma.apiKey.findUnique({ where: { id: 'all' } })).toEqual(withoutProject);
    expect(await removal.run()).toEqual([]);
    expect(await notedRemovals(store)).toEqual(['shop']);

    await graphql.data(CREATE, { input: { projectId: 'shop' } });
    expect(await graphql.data('{ llmCalls { totalCount } }', {}, 'shop')).toEqual({
      llmCalls: { totalCount: 0 },
    });
    expect(await rowsOf(store, 'shop')).toEqual({ Project: 1 });
    await graphql.data(DELETE, { input });
    clock.advance(SETTLE_MS);
    await removal.run();
    expect(await notedRemovals(store)).toEqual(['shop', 'shop']);
  });

  it('are removed further by the next run, no matter how the last one ended', async () => {
    await using graphql = await startGraphQL(database);
    const { store, clock } = await deleteShop(graphql, 10);
    const controller = new AbortController();
    let batches = 0;
    const failing: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma'> = {
      ...{ query: store.query, functions: store.functions, prisma: store.prisma },
      exclusively(work) {
        batches++;
        if (batches === 4) throw new Error('the database is away');
        if (batches === 8) controller.abort();
        return store.exclusively(work);
      },
    };
    const removal = createProjectRemoval({ store: failing, clock, batchSize: 1 });
    await expect(removal.run()).rejects.toThrow('the database is away');
    expect(await removal.run(controller.signal)).toEqual([]);
    expect((await rowsOf(store, 'shop'))['Project']).toBe(1);
    // Two instances share the rest.
    const both = await Promise.all([
      createProjectRemoval({ store, clock, batchSize: 1 }).run(),
      removal.run(),
    ]);
    expect(both.flat().map(({ projectId }) => projectId)).toEqual(['shop']);
    expect(await rowsOf(store, 'shop')).toEqual({});
    expect(await notedRemovals(store)).toEqual(['shop']);
  });

  it('keep rows that were recorded after another instance removed them and they were created again', async () => {
    await using graphql = await startGraphQL(database);
    const { store, clock } = await deleteShop(graphql, 2);
    const tables = await tablesOfProjects(store);
    let batches = 0;
    const late = createProjectRemoval({
      store: {
        ...{ query: store.query, functions: store.functions, prisma: store.prisma },
        async exclusively(work) {
          // The next batch would be the first of the calls.
          if (batches++ === tables.indexOf('llm_calls')) {
            await createProjectRemoval({ store, clock }).run();
            await graphql.data(CREATE, { input: { projectId: 'shop' } });
            await graphql.data(RECORD, { input: [llmCall()] }, 'shop');
          }
          return store.exclusively(work);
        },
      },
      clock,
    });
    expect(await late.run()).toEqual([]);
    expect(batches).toBe(tables.length + 1);
    expect(await rowsOf(store, 'shop')).toMatchObject({ Project: 1, LlmCall: 1 });
    expect(await notedRemovals(store)).toEqual(['shop']);
  });

  it('stay until late rows are removed as well', async () => {
    await using graphql = await startGraphQL(database);
    const { store, clock } = await deleteShop(graphql, 0);
    const tables = (await tablesOfProjects(store)).length;
    let batches = 0;
    const removal = createProjectRemoval({
      store: {
        ...{ query: store.query, functions: store.functions, prisma: store.prisma },
        async exclusively(work) {
          batches++;
          // All tables have been emptied, and the row of the project would be next.
          if (batches === tables + 1) await graphql.data(RECORD, { input: [llmCall()] }, 'shop');
          return store.exclusively(work);
        },
      },
      clock,
    });
    expect(await removal.run()).toEqual([]);
    expect((await rowsOf(store, 'shop'))['LlmCall']).toBe(1);
    expect(await removal.run()).toEqual([{ projectId: 'shop', rows: expect.any(Number) }]);
    expect(await rowsOf(store, 'shop')).toEqual({});
  });
});
