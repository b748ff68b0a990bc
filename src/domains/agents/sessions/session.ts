import { isWithin } from '../../../core/build-filter.ts';
import type { Dataset } from '../../../core/dataset/dataset.ts';
import { agentActivities } from '../../../declarations/agents/agent-activities.ts';
import { agentUsage } from '../../../declarations/agents/agent-usage.ts';
import { sessions } from '../../../declarations/agents/sessions.ts';
import { toolCalls } from '../../../declarations/agents/tool-calls.ts';
import { llmCalls } from '../../../declarations/llm/llm-calls.ts';
import { errorLogs } from '../../../declarations/traffic/error-logs.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { addStateField, entityType } from '../../../graphql/entities/entity.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { costsConnection } from '../../../graphql/limits/field-cost.ts';
import { connectionType } from '../../../graphql/lists/connection.ts';
import { listArguments, resolveConnection } from '../../../graphql/lists/list.ts';
import { addRelationToMany } from '../../../graphql/relations/relation-to-many.ts';
import { addRelationToOne } from '../../../graphql/relations/relation-to-one.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** The datasets whose events belong to sessions. */
const OF_SESSIONS: readonly Dataset[] = [
  requestLogs,
  llmCalls,
  toolCalls,
  errorLogs,
  agentActivities,
  agentUsage,
];

/**
 * Adds `sessions`, the fields of a session that are not columns, and the relation from events to
 * their session.
 */
export function addSessions(types: TypeRegistry): void {
  addSessionList(types);
  addDuration(types);
  for (const dataset of OF_SESSIONS) addEventsOf(types, dataset);
}

function addEventsOf(types: TypeRegistry, dataset: Dataset): void {
  addRelationToMany(types, {
    from: sessions,
    to: dataset,
    key: 'sessionId',
    name: dataset.name,
    description:
      `${dataset.name} of the session that have not expired. Newest first, unless \`orderBy\` says otherwise. ` +
      `For totals, use \`${dataset.fields.analytics}\` with a filter by \`sessionId\`.`,
  });
  addRelationToOne(types, {
    from: dataset,
    to: sessions,
    key: 'sessionId',
    description:
      'The session that the event belongs to, with its totals; null if the event has no `sessionId`.',
  });
}

function addDuration(types: TypeRegistry): void {
  addStateField(types, sessions, 'durationMs', (t) =>
    t.field({
      ...needs(sessions, ['startedAt', 'updatedAt']),
      type: 'SafeInt',
      description: 'Milliseconds from its first event to its last. `activeSeconds` excludes pauses.',
      resolve: ({ startedAt, updatedAt }) => updatedAt.getTime() - startedAt.getTime(),
    }),
  );
}

function addSessionList(types: TypeRegistry): void {
  types.builder.queryField(sessions.name, (t) =>
    t.connection(
      {
        authScopes: { read: true },
        type: entityType(types, sessions),
        extensions: costsConnection,
        description:
          `${sessions.description} Newest first, unless \`orderBy\` says otherwise. The most ` +
          'expensive sessions of a week: `sessions(range: { last: "P7D" }, orderBy: { field: COST ' +
          '}, first: 10) { nodes { sessionId cost } }`.',
        args: {
          range: t.arg({
            type: timeRangeInput(types),
            description:
              'Only sessions that began in this range, so each session belongs to one day or ' +
              'month. Default: all. Totals always cover the whole session.',
          }),
          ...listArguments(types, sessions, t.arg),
        },
        resolve: (_root, { range, ...args }, context, info) => {
          const within =
            range == null ? null : isWithin('startedAt', readTimeRange(range, context.services.clock.now()));
          return resolveConnection({ table: sessions, args, within }, context, info);
        },
      },
      connectionType(types, sessions),
    ),
  );
}
