import type { Caller } from '../../../src/access/caller.ts';
import type { TestGraphQL } from '../../support/graphql.ts';

/** The subscriptions that do not follow events, with their selections. */
export const WATCHES: Readonly<Record<string, string>> = {
  agentChanged: ' { agentId status currentTask }',
  alertChanged: ' { alertId title status }',
  alertRaised: ' { alertId title status }',
  healthChanged: ' { status requests reasons services { service status } }',
  summaryChanged: '(window: "PT1H", every: "PT1S") { requests llmCalls openAlerts activeAgents }',
  taskBoardChanged: ' { total columns { status count } }',
};

/** Those of them that send the current state at once. */
export const STATES = ['agentChanged', 'healthChanged', 'summaryChanged', 'taskBoardChanged'];

export interface Watching {
  /** The next value of each of these subscriptions. */
  next(names: readonly string[]): Promise<Record<string, unknown>>;
  end(): Promise<unknown>;
}

/** Opens all of them. */
export async function watch(graphql: TestGraphQL, caller: Caller): Promise<Watching> {
  const streams = await Promise.all(
    Object.entries(WATCHES).map(async ([name, shown]) => {
      const stream = await graphql.subscribe(`subscription { ${name}${shown} }`, {}, caller);
      return [name, stream] as const;
    }),
  );
  return {
    async next(names) {
      const values = streams
        .filter(([name]) => names.includes(name))
        .map(async ([name, stream]) => [name, (await stream.next()).value.data[name]]);
      return Object.fromEntries(await Promise.all(values));
    },
    end: () => Promise.all(streams.map(([, stream]) => stream.return?.())),
  };
}
