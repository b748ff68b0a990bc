import { namesOf } from '../../../core/named.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { loadEntities } from '../../../graphql/entities/load-entities.ts';
import { ACTIVITY_DATASETS, type ActivityEntry, type ActivityKind } from './read-activity.ts';

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

/** The messages of events of any kind: one statement per kind. */
export async function loadMessages(
  context: Context,
  entries: readonly ActivityEntry[],
): Promise<ReadonlyMap<ActivityEntry, string>> {
  const loaded = await Promise.all(
    namesOf(MESSAGES).map(async (kind) => {
      const { columns, toMessage } = MESSAGES[kind];
      const ofKind = entries.filter((entry) => entry.kind === kind);
      const ids = ofKind.map(({ id }) => id);
      const select = Object.fromEntries(['id', ...columns].map((name) => [name, true as const]));
      const events = await loadEntities(context, { table: ACTIVITY_DATASETS[kind], ids, select });
      return ofKind.flatMap((entry) => {
        const event = events.get(entry.id);
        return event === undefined ? [] : [[entry, toMessage(event)] as const];
      });
    }),
  );
  return new Map(loaded.flat());
}
