import type { StoredAlert } from '../../../alerting/book/alert.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Store } from '../../../storage/store.ts';

/**
 * The column that orders alerts: the position at which they were raised, or that of their last
 * change.
 */
export type SequenceColumn = 'sequence' | 'changeSequence';

/** Which alerts a subscriber wants; null for all. */
export interface WantedAlerts {
  readonly severities: readonly string[] | null;
  readonly types: readonly string[] | null;
}

/** Alerts after `after` and up to `upTo`, by `column`, at most `limit`. */
export interface AlertPage extends WantedAlerts {
  readonly column: SequenceColumn;
  readonly after: number;
  readonly upTo: number;
  readonly limit: number;
}

export type ReadAlerts = (context: Context, page: AlertPage) => Promise<readonly StoredAlert[]>;

/**
 * Reads pages of whole alerts in the order of their positions. Subscribers that request the same
 * page at the same time share one statement, whatever they select. Everything up to `upTo` was
 * committed before they requested it, so a later request gets the same page.
 */
export function createAlertReader(): ReadAlerts {
  const readings = new WeakMap<Store, Map<string, Promise<readonly StoredAlert[]>>>();
  return (context, page) => {
    const { store } = context.services;
    const running = readings.get(store) ?? new Map<string, Promise<readonly StoredAlert[]>>();
    readings.set(store, running);
    const key = JSON.stringify([context.projectId, page]);
    const reading = running.get(key) ?? readPage(context, page).finally(() => running.delete(key));
    running.set(key, reading);
    return reading;
  };
}

async function readPage(
  { projectId, services }: Context,
  { column, after, upTo, limit, severities, types }: AlertPage,
): Promise<readonly StoredAlert[]> {
  return services.store.prisma.alert.findMany({
    where: {
      projectId,
      [column]: { gt: after, lte: upTo },
      ...(severities && { severity: { in: [...severities] } }),
      ...(types && { type: { in: [...types] } }),
    },
    orderBy: { [column]: 'asc' },
    take: limit,
  });
}
