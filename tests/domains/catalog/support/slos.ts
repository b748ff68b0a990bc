import { expect } from 'vitest';
import { requestLog } from '../../../support/events.ts';
import type { TestGraphQL } from '../../../support/graphql.ts';

type Fields = Readonly<Record<string, unknown>>;
type SloMutation = 'createSlo' | 'updateSlo' | 'deleteSlo';

export const SLO = 'sloId name description metricId dataset filter good objective window';

/** 99 % of the requests of the checkout succeed. */
export const CHECKOUT = {
  sloId: 'checkout',
  name: 'The checkout works',
  dataset: 'requestLogs',
  filter: { endpoint: { eq: '/checkout' } },
  objective: 0.99,
};

/** The SLOs of one project, and the requests that they count. */
export function slosOf(graphql: TestGraphQL, projectId: string) {
  let requests = 0;
  const run = (mutation: SloMutation, input: Fields) => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const source = `mutation ($input: ${type}!) { ${mutation}(input: $input) { slo { ${SLO} } } }`;
    return graphql.run(source, { input }, projectId);
  };
  return {
    /** The SLO in the answer of a mutation. */
    async change(mutation: SloMutation, input: Fields) {
      const { data, errors } = await run(mutation, input);
      expect(errors).toBeUndefined();
      return data[mutation].slo;
    },
    /** The error of a mutation that fails. */
    async refuse(mutation: SloMutation, input: Fields) {
      const { errors } = await run(mutation, input);
      expect(errors).toHaveLength(1);
      return { message: errors?.[0]?.message, ...errors?.[0]?.extensions };
    },
    /** Fields of the status of an SLO. */
    async status(selection: string, sloId = 'checkout') {
      const source = `query ($sloId: String!) { slo(sloId: $sloId) { status { ${selection} } } }`;
      return (await graphql.data(source, { sloId }, projectId)).slo.status;
    },
    /**
     * Records this many requests, answered `ago` milliseconds ago. The first `failed` of them
     * failed.
     */
    async record(count: number, failed: number, ago: number, fields: Fields = {}) {
      const timestamp = new Date(graphql.clock.now() - ago).toISOString();
      const input = Array.from({ length: count }, (_, index) =>
        requestLog(`request-${++requests}`, {
          ...{ endpoint: '/checkout', timestamp, statusCode: index < failed ? 500 : 200 },
          ...fields,
        }),
      );
      const source =
        'mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }';
      const { recordRequestLogs } = await graphql.data(source, { input }, projectId);
      expect(recordRequestLogs.accepted).toBe(count);
    },
  };
}
