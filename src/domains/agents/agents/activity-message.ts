import { encodeGlobalId, type GlobalId } from '../../../core/global-id.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { ACTIVITY_DATASETS, type ActivityKind } from './read-activity.ts';

/** How to describe an event in one line. `columns`: the Prisma fields that this needs. */
const MESSAGES: Readonly<
  Record<ActivityKind, { readonly columns: readonly string[]; readonly toMessage: (event: Entity) => string }>
> = {
  ACTIVITY: { columns: ['message'], toMessage: ({ message }) => String(message) },
  TASK: {
    columns: ['eventType', 'taskId', 'title'],
    toMessage: ({ eventType, taskId, title }) =>
      `${String(eventType).toLowerCase()} ${taskId}${title === null ? '' : `: ${title}`}`,
  },
  COMMIT: {
    columns: ['shortHash', 'message'],
    toMessage: ({ shortHash, message }) => `${shortHash} ${firstLine(String(message))}`,
  },
};

const firstLine = (text: string): string => text.split('\n', 1)[0]?.trim() ?? '';

/** The messages of events of any kind, by global id: one statement per kind. */
export async function loadMessages(
  context: Context,
  globalIds: readonly GlobalId[],
): Promise<ReadonlyMap<string, string>> {
  const loaded = await Promise.all(
    (Object.keys(MESSAGES) as ActivityKind[]).map(async (kind) => {
      const dataset = ACTIVITY_DATASETS[kind];
      const { columns, toMessage } = MESSAGES[kind];
      const ids = globalIds.filter(({ entity }) => entity === dataset.entity).map(({ uuid }) => uuid);
      const select = Object.fromEntries(['id', ...columns].map((name) => [name, true as const]));
      const events = await loadEntities(dataset, context, ids, select);
      return [...events].map(
        ([id, event]) => [encodeGlobalId(dataset.entity, id), toMessage(event)] as const,
      );
    }),
  );
  return new Map(loaded.flat());
}
