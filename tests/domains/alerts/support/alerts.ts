import { expect } from 'vitest';
import { alert } from '../../../support/events.ts';
import type { Answer, TestGraphQL } from '../../../support/graphql.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Anything that runs operations: the GraphQL layer, or an app over HTTP. */
export type Runner = (source: string, variables: Record<string, unknown>) => Promise<Answer>;

const INPUTS = {
  raiseAlert: 'RaiseAlertInput',
  acknowledgeAlert: 'AcknowledgeAlertInput',
  resolveAlert: 'ResolveAlertInput',
} as const;

/** Every field of an alert. */
export const ALERT =
  'id uuid alertId sequence type severity status title message source metadata ruleId labels value threshold ' +
  'acknowledgedBy acknowledgedAt resolvedBy resolvedAt resolution raisedAt updatedAt';

/** The whole answer of a mutation of alerts. */
export function execute(run: Runner, mutation: keyof typeof INPUTS, input: Fields): Promise<Answer> {
  const created = mutation === 'raiseAlert' ? 'created' : '';
  const source = `mutation ($input: ${INPUTS[mutation]}!) { ${mutation}(input: $input) { ${created} alert { ${ALERT} } } }`;
  return run(source, { input });
}

/** The alerts of one project. */
export function alertsOf(graphql: TestGraphQL, projectId = 'default') {
  const run: Runner = (source, variables) => graphql.run(source, variables, projectId);
  /** The payload of a mutation that succeeds. */
  async function change(mutation: keyof typeof INPUTS, input: Fields) {
    const { data, errors } = await execute(run, mutation, input);
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data[mutation];
  }
  return {
    raise: (alertId: string, fields: Fields = {}) => change('raiseAlert', alert(alertId, fields)),
    acknowledge: (alertId: string, acknowledgedBy = 'ada') =>
      change('acknowledgeAlert', { alertId, acknowledgedBy }),
    resolve: (alertId: string, resolvedBy = 'ada') => change('resolveAlert', { alertId, resolvedBy }),
    /** The error of a mutation that fails. */
    async refuse(mutation: keyof typeof INPUTS, input: Fields) {
      const { errors } = await execute(run, mutation, input);
      if (errors?.[0] === undefined) throw new Error(`${mutation} was not refused`);
      return { message: errors[0].message, extensions: errors[0].extensions };
    },
    async find(alertId: string) {
      const source = `query ($alertId: String!) { alert(alertId: $alertId) { ${ALERT} } }`;
      return (await graphql.data(source, { alertId }, projectId)).alert;
    },
  };
}

/** The input of the writer of alerts, except its id. */
export const DRAFT = {
  type: 'COST',
  severity: 'INFO',
  title: 'Elsewhere',
  message: null,
  source: null,
  metadata: null,
  raisedAt: new Date(0),
};

export type Stream = AsyncIterableIterator<Answer>;

/** A function that subscribes to a field of alerts, with other arguments and fields than usual. */
export const subscriptionTo =
  (subscribe: (source: string) => Promise<Stream>, field: string, usual: string) =>
  (args = '', fields = usual): Promise<Stream> =>
    subscribe(`subscription { ${field}${args} { ${fields} } }`);

/** The fields of the next alerts. */
export async function take(stream: Stream, count: number): Promise<Record<string, unknown>[]> {
  const taken: Record<string, unknown>[] = [];
  for (let number = 0; number < count; number++) {
    const { done, value } = await stream.next();
    expect(done).toBe(false);
    expect(value.errors).toBeUndefined();
    const [alert] = Object.values(JSON.parse(JSON.stringify(value.data)));
    taken.push(alert as Record<string, unknown>);
  }
  return taken;
}

export const idsOf = (alerts: readonly Record<string, unknown>[]) => alerts.map(({ alertId }) => alertId);
