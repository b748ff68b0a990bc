import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../src/access/caller.ts';
import { createSchema } from '../../src/schema.ts';
import { callerOf } from '../support/callers.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../support/graphql.ts';
import { type Filling, fill } from './support/filled-project.ts';
import { type RootField, rootFieldsOf } from './support/root-fields.ts';
import { selectAll } from './support/selection.ts';

const MINE: Filling = { projectId: 'mine', events: 1 };
const THEIRS: Filling = { projectId: 'theirs', events: 3 };
const ofOne = (projectId: string): Caller => ({ ...callerOf(projectId), allProjects: false });

/** The keys that both projects have. */
const values = {
  range: { last: 'P1D' },
  metricId: 'revenue_total',
  agentId: 'builder',
  taskId: 'task-1',
  alertId: 'disk',
  ruleId: 'slow',
  webhookId: 'pager',
  generationId: 'generation-1',
  query: 'mine OR theirs OR revenue',
  input: { dataset: 'llmCalls', aggregate: 'COUNT', comparator: 'GT', warning: 1, window: 'PT5M' },
};
const queries = (levels: number) =>
  rootFieldsOf(createSchema(), { values, select: (type) => selectAll(type, levels) }).filter(
    ({ kind, name }) => kind === 'query' && name !== 'node' && name !== 'nodes',
  );

/** What does not depend on the project, or not on its data. */
const WITHOUT_DATA = ['backups', 'schemaVersion'];

describeEachDatabase('two projects with the same keys', (database) => {
  let both: TestGraphQL;
  let alone: TestGraphQL;
  beforeAll(async () => {
    both = await startGraphQL(database);
    alone = await startGraphQL(database);
    for (const { projects } of [both.services, alone.services]) await projects.create({ projectId: 'mine' });
    await both.services.projects.create({ projectId: 'theirs' });
    await fill(both, THEIRS);
    await fill(both, MINE);
    await fill(alone, MINE);
  });
  afterAll(async () => {
    await both[Symbol.asyncDispose]();
    await alone[Symbol.asyncDispose]();
  });

  /** The answer as text, without what is made anew each time. */
  async function answer(graphql: TestGraphQL, { operation }: RootField, project: string): Promise<string> {
    const result = await graphql.run(operation.query, operation.variables, ofOne(project));
    expect(result.errors, operation.query).toBeUndefined();
    return JSON.stringify(result.data).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '(id)');
  }

  it('answer every query as if the other were not there', async () => {
    const same: string[] = [];
    for (const field of queries(4)) {
      const mine = await answer(both, field, 'mine');
      expect(mine, field.name).toBe(await answer(alone, field, 'mine'));
      if (mine === (await answer(both, field, 'theirs'))) same.push(field.name);
    }
    // All others would have shown it: the other project answers them otherwise.
    expect(same).toEqual(WITHOUT_DATA);
  });
});
