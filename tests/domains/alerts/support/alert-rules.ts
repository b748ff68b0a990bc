import { expect } from 'vitest';
import type { Answer } from '../../../support/graphql.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Anything that runs operations: the GraphQL layer, or an app over HTTP. */
type Runner = (source: string, variables?: Record<string, unknown>, projectId?: string) => Promise<Answer>;

export const RULE =
  'id uuid ruleId name description type enabled dataset filter aggregate measure quantile groupBy comparator warning critical ' +
  'window for minimumCount absent recoverAfter renotify webhooks problem createdAt updatedAt';

/** More than two model calls within a minute. */
export const BUSY = {
  ruleId: 'busy',
  name: 'Many calls',
  dataset: 'llmCalls',
  aggregate: 'COUNT',
  comparator: 'GT',
  warning: 2,
  window: 'PT1M',
};

export type RuleMutation = 'createAlertRule' | 'updateAlertRule' | 'enableAlertRule' | 'deleteAlertRule';

export interface AlertRules {
  /** The rule in the answer of a mutation. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  change(mutation: RuleMutation, input: Fields): Promise<any>;
  /** The error of a mutation that fails. */
  refuse(mutation: RuleMutation, input: Fields): Promise<{ message: string; extensions: Fields }>;
  /** Fields of a rule; null when there is none. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  rule(ruleId: string, selection?: string): Promise<any>;
  /** The alerts of the project, oldest first. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into by matchers
  alerts(selection?: string, filter?: Fields): Promise<any[]>;
}

/** The alert rules of one project. */
export function alertRulesOf(runner: Runner, projectId = 'default'): AlertRules {
  async function run(source: string, variables: Record<string, unknown>) {
    const { data, errors } = await runner(source, variables, projectId);
    expect(errors).toBeUndefined();
    return data;
  }

  async function mutate(mutation: RuleMutation, input: Fields): Promise<Answer> {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${mutation}(input: $input) { rule { ${RULE} } } }`;
    return runner(source, { input }, projectId);
  }

  return {
    async change(mutation, input) {
      const { data, errors } = await mutate(mutation, input);
      expect(errors).toBeUndefined();
      return data[mutation].rule;
    },
    async refuse(mutation, input) {
      const { errors } = await mutate(mutation, input);
      expect(errors).toHaveLength(1);
      return errors?.[0] as never;
    },
    async rule(ruleId, selection = RULE) {
      const source = `query ($ruleId: String!) { alertRule(ruleId: $ruleId) { ${selection} } }`;
      return (await run(source, { ruleId })).alertRule;
    },
    async alerts(selection = 'ruleId severity status resolution labels value threshold', filter = {}) {
      const source = `query ($filter: AlertFilter) {
        alerts(first: 500, filter: $filter, orderBy: { field: RAISED_AT, direction: ASC }) { nodes { ${selection} } }
      }`;
      return (await run(source, { filter })).alerts.nodes;
    },
  };
}
