import { agents } from '../../../declarations/agents/agents.ts';
import { type Entity, entityType } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { createAgentWatch, MAX_WATCHED_AGENTS } from './watch-agents.ts';

/** Adds `agentChanged`. */
export function addAgentLive(types: TypeRegistry): void {
  const watchAgents = createAgentWatch();
  types.builder.subscriptionField('agentChanged', (t) =>
    t.field({
      type: entityType(types, agents),
      description:
        `Each of the ${MAX_WATCHED_AGENTS} agents that reported last as it is at once, then each whenever its status (OFFLINE by silence too), its task or its branch has ` +
        'changed. Looked at after new metrics, at most once a second, and every five seconds without. A slow subscriber ' +
        'misses steps in between, never the last one.',
      args: {
        agentId: t.arg.string({
          description: 'Only this agent, also before it is first heard of; default: all.',
        }),
      },
      subscribe: (_root, { agentId }, context) => watchAgents(context, agentId ?? null),
      resolve: (agent: Entity) => agent,
    }),
  );
}
