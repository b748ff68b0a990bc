import { expect } from 'vitest';
import type { Answer, TestGraphQL } from '../../../support/graphql.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Anything that runs operations: the GraphQL layer, or an app over HTTP. */
export type Runner = (source: string, variables: Record<string, unknown>) => Promise<Answer>;

const DEFINITION =
  'metricId name description calculation owner dataSource tags dependencies trustScore version testCount';
const CHANGE = 'version field oldValue newValue changedBy comment revertedTo';

const MUTATIONS = {
  createMetric: `metric { id uuid ${DEFINITION} createdAt updatedAt }`,
  updateMetric: `metric { ${DEFINITION} updatedAt } changes { ${CHANGE} metricId changedAt uuid }`,
  revertMetric: `metric { ${DEFINITION} } changes { ${CHANGE} }`,
  deleteMetric: `metric { ${DEFINITION} usageCount } deletedChanges deletedTests`,
  addValidationTest:
    'test { id uuid metricId name testType testQuery expectedResult status lastRun message difference }',
  updateValidationTest: 'test { name testType testQuery expectedResult status lastRun message difference }',
  deleteValidationTest: 'test { uuid status metric { testCount } }',
  recordValidationResult: 'recorded test { status lastRun message difference }',
  runValidationTest:
    'recorded passed truncated actual difference { path kind expected actual } test { status lastRun message difference }',
} as const;

export type Mutation = keyof typeof MUTATIONS;

/** The whole answer of a mutation of the catalog. */
export function execute(run: Runner, mutation: Mutation, input: Fields): Promise<Answer> {
  const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
  const source = `mutation ($input: ${type}!) { ${mutation}(input: $input) { ${MUTATIONS[mutation]} } }`;
  return run(source, { input });
}

export interface Catalog {
  /** The payload of a mutation that succeeds. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  change(mutation: Mutation, input: Fields): Promise<any>;
  /** The error of a mutation that fails. */
  refuse(mutation: Mutation, input: Fields): Promise<{ message: string; extensions: Fields }>;
  /** A metric with the given values. */
  create(metricId: string, fields?: Fields): Promise<void>;
  /** The whole history of a metric, oldest first. */
  history(metricId: string): Promise<readonly Fields[]>;
  /** Fields of a metric; null when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  metric(metricId: string, selection: string): Promise<any>;
}

/** The catalog of one project. */
export function catalogOf(graphql: TestGraphQL, projectId = 'default'): Catalog {
  const run: Runner = (source, variables) => graphql.run(source, variables, projectId);
  const catalog: Catalog = {
    async change(mutation, input) {
      const { data, errors } = await execute(run, mutation, input);
      expect(errors).toBeUndefined();
      return data[mutation];
    },
    async refuse(mutation, input) {
      const { errors } = await execute(run, mutation, input);
      expect(errors).toHaveLength(1);
      return errors?.[0] as never;
    },
    async create(metricId, fields) {
      await catalog.change('createMetric', { metricId, name: `The metric ${metricId}`, ...fields });
    },
    async history(metricId) {
      const source = `query ($metricId: String!) {
        metric(metricId: $metricId) { history(last: 500) { nodes { ${CHANGE} } } }
      }`;
      const { metric } = await graphql.data(source, { metricId }, projectId);
      return metric.history.nodes.toReversed();
    },
    async metric(metricId, selection) {
      const source = `query ($metricId: String!) { metric(metricId: $metricId) { ${selection} } }`;
      return (await graphql.data(source, { metricId }, projectId)).metric;
    },
  };
  return catalog;
}
