import { agents } from '../../../declarations/agents/agents.ts';
import { addStateField } from '../../../graphql/entities/entity.ts';
import { createFieldBatches } from '../../../graphql/entities/field-batches.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { costsFirst } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkPageSize } from '../../../lists/page.ts';
import { loadMessages } from './activity-message.ts';
import { ACTIVITY_DATASETS, type ActivityEntry, type ActivityKind, readActivity } from './read-activity.ts';

const RECENT_EVENTS = 100;

/** Adds `Agent.activity`. */
export function addAgentActivity(types: TypeRegistry): void {
  const load = createFieldBatches<string, readonly ActivityEntry[]>();
  const type = activityEntryType(types);
  addStateField(types, agents, 'activity', (t) =>
    t.field({
      ...needs(agents, ['agentId'], costsFirst(RECENT_EVENTS)),
      type: [type],
      description:
        'The most recent events of the agent, newest first: its reported activities, the task ' +
        'events that it caused or that assigned a task to it, and its commits. `metrics` shows its ' +
        'status over time.',
      args: {
        first: t.arg.int({ defaultValue: RECENT_EVENTS, description: 'Maximum number of items, 1 to 500.' }),
      },
      resolve: async ({ agentId }, args, context, info) => {
        const first = checkPageSize(args.first, 'first') ?? RECENT_EVENTS;
        const entries = await load(info, agentId, (ids) => readActivity(context, ids, first));
        return entries ?? [];
      },
    }),
  );
}

function activityEntryType(types: TypeRegistry) {
  const { builder } = types;
  const kind = builder.enumType('AgentActivityKind', {
    description: 'The kind of an event in an agent’s activity.',
    values: {
      ACTIVITY: { description: 'An AgentActivity: an action that the agent reported.' },
      TASK: { description: 'A TaskEvent that the agent caused, or that assigned the task to it.' },
      COMMIT: { description: 'A GitCommit of the agent.' },
    } satisfies Record<ActivityKind, { description: string }>,
  });
  const loadMessage = createFieldBatches<ActivityEntry, string>();
  return builder.objectRef<ActivityEntry>('AgentActivityEntry').implement({
    description: 'One event of an agent, from any dataset.',
    fields: (t) => ({
      timestamp: t.expose('timestamp', { type: 'DateTime', description: 'When it happened.' }),
      kind: t.expose('kind', { type: kind, description: 'The dataset of the event.' }),
      message: t.string({
        nullable: true,
        description:
          'The event in one line: the message of an activity, "completed TASK-42: Title" for a ' +
          'task event, the short hash and first line of a commit. Null if the event has just been ' +
          'removed.',
        resolve: async (entry, _args, context, info) => {
          const message = await loadMessage(info, entry, (entries) => loadMessages(context, entries));
          return message ?? null;
        },
      }),
      node: t.node({
        description: 'The event itself; null if it has just been removed.',
        id: ({ kind, id }) => ({ type: ACTIVITY_DATASETS[kind].entity, id }),
      }),
    }),
  });
}
