import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { createBoardRecorder } from '../../src/coordination/record-board.ts';
import { createSchema } from '../../src/schema.ts';
import { callerOf } from '../support/callers.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { broughtArchitecture, generation, llmCall } from '../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { type Filling, fill, record, stir } from './support/filled-project.ts';
import { keys, lists, queries, shallow, tails } from './support/isolated-queries.ts';
import { type RootField, rootFieldsOf } from './support/root-fields.ts';
import { STATES, WATCHES, watch } from './support/watches.ts';
import { deliverAll, evaluateRules, type Sent } from './support/work-of-projects.ts';

const MINE: Filling = { projectId: 'mine', count: 1 };
const THEIRS: Filling = { projectId: 'theirs', count: 3 };
const ofOne = (projectId: string): Caller => ({ ...callerOf(projectId), allProjects: false });

const RECORD_CALLS = 'mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }';
const PRICES_FILE = join(tmpdir(), `telltale-prices-${randomUUID()}.json`);
const CELL_KEY = ['dataset', 'dimensionSet', 'grain', 'bucket', 'dimensionKey'] as const;
const ADD_TEST =
  'mutation ($input: AddValidationTestInput!) { addValidationTest(input: $input) { test { uuid } } }';
const TASK_IDS = '{ tasks { nodes { taskId } } taskEvents { totalCount } }';

/** Parts of the test that do not depend on the project. */
const OF_THE_SERVER = ['defaultQuotas', 'schemaVersion'];

interface Page {
  readonly nodes: readonly { readonly id: string }[];
  readonly pageInfo: { readonly endCursor: string | null };
}

describeEachDatabase('two projects with the same keys', (database) => {
  let both: TestGraphQL;
  let alone: TestGraphQL;
  beforeAll(async () => {
    const prices = [{ project: 'theirs', provider: 'openai', model: 'gpt-4o-mini', input: 2000, output: 0 }];
    await writeFile(PRICES_FILE, JSON.stringify(prices));
    both = await startGraphQL(database, { environment: { MAX_QUERY_COST: '1000000000', PRICES_FILE } });
    alone = await startGraphQL(database, { environment: { MAX_QUERY_COST: '1000000000' } });
    for (const { projects } of [both.services, alone.services]) await projects.create({ projectId: 'mine' });
    await both.services.projects.create({ projectId: 'theirs' });
    await fill(both, THEIRS);
    await fill(both, MINE);
    await fill(alone, MINE);
  });
  afterAll(async () => {
    await rm(PRICES_FILE);
    await both[Symbol.asyncDispose]();
    await alone[Symbol.asyncDispose]();
  });

  /** The answer as text, without values that differ each time. */
  async function answer(graphql: TestGraphQL, { operation }: RootField, project: string): Promise<string> {
    const data = await graphql.data(operation.query, operation.variables, ofOne(project));
    return JSON.stringify(data)
      .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '(id)')
      .replaceAll(/tlt_\w{8}/g, '(key)');
  }

  async function page({ name }: RootField, project: string, args = ''): Promise<Page> {
    const source = `{ ${name}${args} { nodes { ... on Node { id } } pageInfo { endCursor } } }`;
    return (await both.data(source, {}, ofOne(project)))[name];
  }

  const run = (id: string, project: string) =>
    both.run(
      'mutation ($id: ID!) { runValidationTest(input: { id: $id }) { passed actual } }',
      { id },
      ofOne(project),
    );

  it.each([
    '{ backups { name } }',
    'mutation { createBackup { backup { name } } }',
    '{ integrity { isInOrder } }',
    '{ tables { rows } }',
    '{ retentionRuns { next } }',
  ])('may not copy or inspect the database that they share: %s', async (source) => {
    const { errors } = await both.run(source, {}, ofOne('mine'));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('may not see the progress of a backup of both', async () => {
    const watching = both.subscribe('subscription { backupProgress { phase } }', {}, ofOne('mine'));
    await expect(watching).rejects.toThrow('FORBIDDEN');
  });

  it('answer every query as if the other did not exist', async () => {
    const same: string[] = [];
    for (const field of queries) {
      // Both at once, so that no answer may be cached by the query alone.
      const [theirs, mine] = await Promise.all([answer(both, field, 'theirs'), answer(both, field, 'mine')]);
      expect(mine, field.name).toBe(await answer(alone, field, 'mine'));
      if (mine === theirs) same.push(field.name);
    }
    // All other queries would have shown it, because the other project answers them differently.
    expect(same).toEqual(OF_THE_SERVER);
  });

  it('cannot read each other by node ids or cursors', async () => {
    const plain = lists.filter(({ operation: { variables } }) => Object.keys(variables).length === 0);
    expect(plain.length).toBeGreaterThan(15);
    for (const list of plain) {
      const theirs = await page(list, 'theirs', '(first: 1)');
      const ids = (await page(list, 'theirs')).nodes.map(({ id }) => id);
      expect(ids.length, list.name).toBeGreaterThan(0);
      const open = async (project: string) => {
        const source = 'query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id } nodes(ids: $ids) { id } }';
        const { node, nodes } = await both.data(source, { id: ids[0], ids }, ofOne(project));
        return [node, ...nodes].map((found) => found?.id ?? null);
      };
      expect(await open('theirs')).toEqual([ids[0], ...ids]);
      const own = (await page(list, 'mine')).nodes.map(({ id }) => id);
      const wanted = [ids[0], ...ids].map((id) => (own.includes(id ?? '') ? id : null));
      expect(await open('mine'), list.name).toEqual(wanted);
      const after = await page(list, 'mine', `(after: ${JSON.stringify(theirs.pageInfo.endCursor)})`);
      expect(own, list.name).toEqual(expect.arrayContaining(after.nodes.map(({ id }) => id)));
    }
  });

  it('watch only themselves', async () => {
    const subscriptions = Object.keys(createSchema().getSubscriptionType()?.getFields() ?? {});
    const ofProjects = subscriptions.filter(
      (name) => !name.endsWith('Recorded') && name !== 'backupProgress',
    );
    expect(ofProjects.sort()).toEqual(Object.keys(WATCHES));
    const mine = await watch(both, ofOne('mine'));
    const wanted = await watch(alone, ofOne('mine'));
    const theirs = await watch(both, ofOne('theirs'));
    const first = await mine.next(STATES);
    expect(first).toEqual(await wanted.next(STATES));
    await theirs.next(STATES);

    await stir(both, 'theirs', 'UNHEALTHY');
    const others = await theirs.next(Object.keys(WATCHES));
    await stir(both, 'mine', 'DEGRADED');
    await stir(alone, 'mine', 'DEGRADED');
    const next = await mine.next(Object.keys(WATCHES));
    expect(next).toEqual(await wanted.next(Object.keys(WATCHES)));
    // Each of them would have shown the events of the other project before.
    for (const name of Object.keys(WATCHES)) expect(others[name], name).not.toEqual(next[name]);
    for (const watching of [mine, wanted, theirs]) await watching.end();
  });

  it('measure their own rules, and send their alerts to their own webhooks', async () => {
    const sent: Sent[][] = [];
    for (const graphql of [both, alone]) {
      await evaluateRules(graphql);
      sent.push(await deliverAll(graphql));
    }
    const [ofBoth = [], ofOne = []] = sent;
    const to = (project: string) => ofBoth.filter(({ url }) => url === `https://${project}.example/hook`);
    expect(to('mine').length).toBeGreaterThan(1);
    expect(to('mine')).toEqual(ofOne);
    expect(to('theirs').length).toBeGreaterThan(to('mine').length);
    for (const { url, projectId } of ofBoth) expect(url).toBe(`https://${projectId}.example/hook`);
    const values = (project: string) => both.data('{ alerts { nodes { value } } }', {}, project);
    const numbers = [await values('mine'), await values('theirs')].map(({ alerts }) =>
      alerts.nodes.flatMap(({ value }: { value: number | null }) => value ?? []),
    );
    // The calls of each project in the window of the rule that both have.
    expect(numbers).toEqual([[1], [3]]);
  });

  it('have rollups of their own', async () => {
    const cellsOf = ({ services: { store } }: TestGraphQL, projectId: string) =>
      store.prisma.rollupCell.findMany({
        where: { projectId },
        // The instance that wrote a cell differs.
        omit: { writer: true },
        orderBy: CELL_KEY.map((column) => ({ [column]: 'asc' as const })),
      });
    const mine = await cellsOf(both, 'mine');
    expect(mine.length).toBeGreaterThan(50);
    expect(mine).toEqual(await cellsOf(alone, 'mine'));
    expect(mine).not.toEqual(await cellsOf(both, 'theirs'));
  });

  it('derive their own states from events with the same keys', async () => {
    const source =
      'mutation ($input: [GenerationInput!]!) { recordGenerations(input: $input) { accepted rejected { message } } }';
    for (const name of ['mine', 'theirs']) {
      const input = [generation('brought', { architecture: broughtArchitecture({ name }) })];
      expect(await both.data(source, { input }, ofOne(name))).toEqual({
        recordGenerations: { accepted: 1, rejected: [] },
      });
    }
    for (const name of ['mine', 'theirs']) {
      const shown = '{ architecture(generationId: "brought") { name generation { architecture { name } } } }';
      const architecture = { name, generation: { architecture: { name } } };
      expect(await both.data(shown, {}, ofOne(name))).toEqual({ architecture });
    }
  });

  it('run validation tests of their own, on data of their own', async () => {
    const id = '00000000-0000-7000-8000-000000000001';
    const counted = (totalCount: number) => ({ llmCalls: { totalCount } });
    const counts = { mine: 2, theirs: 4 };
    for (const [project, count] of Object.entries(counts)) {
      const test = { id, metricId: 'revenue_total', testType: 'GRAPHQL', expectedResult: counted(count) };
      const input = { ...test, testQuery: '{ llmCalls { totalCount } }' };
      if (project === 'theirs') {
        expect(await run(id, 'theirs')).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
      }
      await both.data(ADD_TEST, { input }, ofOne(project));
    }
    for (const [project, count] of Object.entries(counts)) {
      const { data } = await run(id, project);
      expect(data).toEqual({ runValidationTest: { passed: true, actual: counted(count) } });
    }
  });

  it('have prices of their own', async () => {
    const input = [llmCall({ promptTokens: 1000, completionTokens: 0 })];
    const costs = [];
    for (const project of ['theirs', 'mine']) {
      await both.data(RECORD_CALLS, { input }, ofOne(project));
      const shown = '{ llmCalls(filter: { promptTokens: { eq: 1000 } }) { nodes { cost } } }';
      costs.push((await both.data(shown, {}, ofOne(project))).llmCalls.nodes);
    }
    // The price comes from the file: 0.15 USD per million tokens.
    expect(costs).toEqual([[{ cost: 2 }], [{ cost: 0.00015 }]]);
  });

  it('share no coordination folder', async () => {
    const record = createBoardRecorder({ ...both.services, projectId: 'mine' });
    const before = await both.data(TASK_IDS, {}, ofOne('theirs'));
    const text = JSON.stringify({ tasks: [{ id: 'of-mine', status: 'todo' }] });
    await record({ kind: 'text', text, version: '1', changedAt: Date.parse(NOW) }, true);
    const ids = async (project: string) => JSON.stringify(await both.data(TASK_IDS, {}, ofOne(project)));
    expect(await ids('mine')).toContain('of-mine');
    expect(await ids('theirs')).toBe(JSON.stringify(before));
  });

  it('do not see what the other records', async () => {
    expect(tails).toHaveLength(14);
    const at = Date.parse(NOW) - 60_000;
    const streams = await Promise.all(
      tails.map(({ operation }) => both.subscribe(operation.query, {}, ofOne('mine'))),
    );
    await record(both, { ...THEIRS, at: at - 60_000, first: 100 });
    await record(both, { ...MINE, at, first: 100 });
    for (const [index, stream] of streams.entries()) {
      const { value } = await stream.next();
      expect(Object.values(value.data), tails[index]?.name).toEqual([
        { timestamp: new Date(at).toISOString() },
      ]);
      await stream.return?.();
    }
  });

  it('are not changed by mutations of a third project that name their keys', async () => {
    const mutations = rootFieldsOf(createSchema(), {
      values: { ...keys, projectId: 'theirs', confirm: 'theirs' },
    }).filter(({ kind }) => kind === 'mutation');
    const answers = () => Promise.all(shallow.map((field) => answer(both, field, 'theirs')));
    const before = await answers();
    for (const { operation } of mutations) {
      await both.run(operation.query, operation.variables, ofOne('nobody'));
    }
    for (const [index, text] of (await answers()).entries()) {
      const { name = '' } = shallow[index] ?? {};
      if (!OF_THE_SERVER.includes(name)) expect(text, name).toBe(before[index]);
    }
    // The same mutations change much in the project that has the keys.
    for (const { operation } of mutations) {
      await both.run(operation.query, operation.variables, ofOne('theirs'));
    }
    const after = await answers();
    expect(after.filter((text, index) => text !== before[index]).length).toBeGreaterThan(10);
  });
});
