import { agents } from '../../../declarations/agents/agents.ts';
import { type Entity, stateType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { createAgentWatch, MAX_WATCHED_AGENTS } from './watch-agents.ts';

/** Adds `agentChanged`. */
export function addAgentLive(types: TypeRegistry): void {
  const watchAgents = createAgentWatch();
  types.builder.subscriptionField('agentChanged', (t) =>
    t.prismaField({
      authScopes: { read: true },
      type: stateType(types, agents),
      description:
        `Delivers the ${MAX_WATCHED_AGENTS} agents that reported most recently at once, then each ` +
        'agent whenever its status (including OFFLINE through silence), task or branch has ' +
        'changed. Changes are checked after new metrics, at most once a second, and otherwise ' +
        'every five seconds. A slow subscriber misses intermediate states, never the last one.',
      args: {
        agentId: t.arg.string({
          description: 'Only this agent, even before its first report. Default: all.',
        }),
      },
      subscribe: (_root, { agentId }, context) => watchAgents(context, agentId ?? null),
      resolve: (_query, agent: Entity) => agent,
    }),
  );
}
