import { columnOf } from '../../../core/dataset/table.ts';
import { agentMetrics } from '../../../declarations/agents/agent-metrics.ts';
import { agentStatusAt, agentStatusFilter, agents } from '../../../declarations/agents/agents.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import type { Context } from '../../../graphql/context.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import { addStateField, entityType } from '../../../graphql/entities/entity.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { costsConnection } from '../../../graphql/limits/field-cost.ts';
import { connectionType } from '../../../graphql/lists/connection.ts';
import { listArguments, resolveConnection } from '../../../graphql/lists/list.ts';
import { addRelationToFirst } from '../../../graphql/relations/relation-to-first.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

const RECENT_COMMITS = 10;

/** Adds `agents`, and the fields of an agent that are not columns. */
export function addAgents(types: TypeRegistry): void {
  addStatus(types);
  addRelationToMany(types, {
    from: agents,
    to: agentMetrics,
    key: 'agentId',
    name: 'metrics',
    description: 'The metrics that the agent reported. Newest first, unless `orderBy` says otherwise.',
  });
  addRelationToFirst(types, {
    from: agents,
    to: gitCommits,
    key: 'agentId',
    which: 'newest',
    name: 'commits',
    first: RECENT_COMMITS,
    counted: 'number of items',
    description: 'The most recent commits of the agent, newest first.',
  });
  addRelationToOne(types, {
    from: gitCommits,
    to: agents,
    key: 'agentId',
    description:
      'The current state of the agent that made it; null unless an agent with this id has sent metrics.',
  });
  addAgentList(types);
}

/** What determines the status of an agent. */
interface ShownAgent {
  readonly reportedStatus: string;
  readonly updatedAt: Date;
  /** For a watched agent, the status that was read with it. */
  readonly status?: string;
}

/** The current status of an agent; a watched one keeps the status that was read with it. */
export function shownStatus({ status, ...agent }: ShownAgent, { services }: Context): string {
  if (status !== undefined) return status;
  const reported = { reportedStatus: agent.reportedStatus, updatedAt: agent.updatedAt.getTime() };
  return agentStatusAt(reported, services.clock.now(), services.config.agentOfflineMs);
}

const statusEnum = (types: TypeRegistry) => columnEnum(types, columnOf(agents, 'reportedStatus'));

function addStatus(types: TypeRegistry): void {
  addStateField(types, agents, 'status', (t) =>
    t.field({
      ...needs(agents, ['reportedStatus', 'updatedAt']),
      type: statusEnum(types),
      description:
        'The current status: `reportedStatus`, or OFFLINE if the newest metrics (`updatedAt`) ' +
        'are older than AGENT_OFFLINE_SECONDS (default: five minutes).',
      resolve: (agent, _args, context) => shownStatus(agent, context),
    }),
  );
}

function addAgentList(types: TypeRegistry): void {
  types.builder.queryField(agents.name, (t) =>
    t.connection(
      {
        authScopes: { read: true },
        type: entityType(types, agents),
        extensions: costsConnection,
        description: `${agents.description} Newest agent first, unless \`orderBy\` says otherwise.`,
        args: {
          ...listArguments(types, agents, t.arg),
          status: t.arg({
            type: [statusEnum(types)],
            description: 'Only agents whose current `status` is one of these. Default: all.',
          }),
        },
        resolve: (_root, { status, ...args }, context, info) => {
          const { clock, config } = context.services;
          const within =
            status == null ? null : agentStatusFilter(status, clock.now(), config.agentOfflineMs);
          return resolveConnection({ table: agents, args, within }, context, info);
        },
      },
      connectionType(types, agents),
    ),
  );
}
