import type { GraphQLOutputType } from 'graphql';
import { createSchema } from '../../../src/schema.ts';
import { NOW } from '../../support/graphql.ts';
import { rootFieldsOf } from './root-fields.ts';
import { relationsOnce, selectAll } from './selection.ts';

/** The keys that both projects have. */
export const keys = {
  range: { last: 'P1D' },
  from: Date.parse(NOW) - 86_400_000,
  to: Date.parse(NOW) + 3_600_000,
  dataset: 'llmCalls',
  measures: ['count', 'cost'],
  metricId: 'revenue_total',
  agentId: 'builder',
  taskId: 'task-1',
  sessionId: 'session-1',
  alertId: 'disk',
  ruleId: 'slow',
  sloId: 'fast',
  boardId: 'costs',
  webhookId: 'pager',
  generationId: 'generation-1',
  query: 'shop',
  provider: 'acme',
  model: 'large',
};
const rule = { dataset: 'llmCalls', aggregate: 'COUNT', comparator: 'GT', warning: 1, window: 'PT5M' };
/** They reject keys for one project. */
const OF_ALL_PROJECTS = ['backups', 'integrity', 'tables', 'retentionRuns'];
const queriesWith = (select: (type: GraphQLOutputType) => string) =>
  rootFieldsOf(createSchema(), { values: { ...keys, input: rule }, select }).filter(
    ({ kind, name }) => kind === 'query' && !['node', 'nodes', ...OF_ALL_PROJECTS].includes(name),
  );
const once = relationsOnce();
export const queries = queriesWith((type) => selectAll(type, 4, once));
/** Their relations are not selected, because another of them shows these. */
export const shallow = queriesWith((type) => selectAll(type, 2));
export const lists = queries.filter(
  ({ name, operation }) =>
    operation.query.includes('nodes { __typename') && !['apiKeys', 'projects'].includes(name),
);
export const tails = rootFieldsOf(createSchema(), { select: () => 'timestamp' }).filter(({ name }) =>
  name.endsWith('Recorded'),
);
