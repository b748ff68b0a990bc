import type { StoredAlert } from '../../../alerting/book/alert.ts';
import { TelltaleError } from '../../../core/errors.ts';
import { toUuid } from '../../../core/global-id.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import type { Context } from '../../../graphql/context.ts';
import { followPositions } from './follow-positions.ts';
import type { ReadAlerts, SequenceColumn, WantedAlerts } from './read-alerts.ts';

/** What a subscriber follows. */
export interface FollowedAlerts {
  readonly column: SequenceColumn;
  readonly wanted: WantedAlerts;
  /**
   * The id of the last alert that the subscriber received; null to start with what is raised or
   * changed from now on.
   */
  readonly since: string | null;
}

/**
 * The wanted alerts in the order of their positions, from the database.
 *
 * @throws InvalidArgument at `since` for an invalid id, TelltaleError NOT_FOUND if there is no such
 *   alert.
 */
export async function followAlerts(
  context: Context,
  { column, wanted, since }: FollowedAlerts,
  readAlerts: ReadAlerts,
): Promise<AsyncIterableIterator<StoredAlert>> {
  const { projectId, services } = context;
  // Watches first, then reads the position. The watch reports what is committed after the answer,
  // and the answer includes what was committed before.
  const positions = services.alerting.alertBook.watch(projectId);
  try {
    const position = await services.alerting.alertBook.position(projectId);
    return followPositions<StoredAlert>({
      after: since === null ? position : await sequenceOfRaised(context, since),
      position,
      positions,
      read: (after, upTo, limit) => readAlerts(context, { column, after, upTo, limit, ...wanted }),
      positionOf: (alert) => alert[column] as number,
    });
  } catch (error) {
    await positions.return?.();
    throw error;
  }
}

/** The position at which an alert was raised. */
async function sequenceOfRaised({ projectId, services }: Context, since: string): Promise<number> {
  const id = toUuid(since, alerts.entity, 'since');
  const alert = await services.store.prisma.alert.findUnique({
    where: { projectId_id: { projectId, id } },
    select: { sequence: true },
  });
  if (alert !== null) return alert.sequence;
  throw new TelltaleError(
    'NOT_FOUND',
    `There is no alert "${since}" to resume from; retention may have removed it. Subscribe ` +
      'without `since`, and query `alerts` for those that you missed: `orderBy: { field: ' +
      'SEQUENCE, direction: ASC }`, with `filter: { sequence: { gt: … } }` if you know the ' +
      '`sequence` of the last one that you saw.',
    { argument: 'since' },
  );
}
