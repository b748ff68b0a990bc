import { sql } from 'kysely';
import { batchesOf } from '../../core/batches.ts';
import type { Clock } from '../../core/clock.ts';
import { inRotation } from '../../core/in-rotation.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import { textsIn } from '../../storage/stored-values.ts';
import type { AlertBook } from '../book/alert-book.ts';
import type { AlertWriter } from '../book/alert-writer.ts';
import { nowAndThen } from '../lease/now-and-then.ts';
import type { StoredRule } from './rule.ts';

/**
 * Resolves the open alerts of rules that no stored state of a group names (RULE_CHANGED). Changing,
 * disabling or deleting a rule deletes its states. An alert is raised, and stays open, in one
 * transaction with the state that names it, so no alert that a rule still handles is among them.
 *
 * Projects take turns, and other writers may change alerts between two batches. If a run is
 * interrupted, the next one finds the rest.
 */
export type EndOrphans = (options?: EndOrphansOptions) => Promise<void>;

export interface EndOrphansOptions {
  /**
   * The rule as it was when it raised the alerts: its webhooks are notified. Default: all rules of
   * all projects.
   */
  readonly rule?: Pick<StoredRule, 'projectId' | 'ruleId' | 'webhooks'>;
  /** Called before each batch; if it returns false, the rest remains. */
  readonly shouldContinue?: () => Promise<boolean>;
}

export interface EndOrphansServices {
  readonly store: Pick<Store, 'query'>;
  readonly alertBook: Pick<AlertBook, 'change'>;
}

/**
 * Alerts per transaction. Other writers of alerts, and on SQLite of events, wait for a fraction of
 * a second.
 */
const BATCH_SIZE = 100;

export function createEndOrphans({ store, alertBook }: EndOrphansServices): EndOrphans {
  return async ({ rule, shouldContinue = () => Promise.resolve(true) } = {}) => {
    const orphans = byProject(await orphansQuery(store.query, rule).execute());
    await inRotation([...orphans].map(([projectId, ids]) => endAll(projectId, ids)));

    async function* endAll(projectId: string, all: readonly string[]) {
      for (const ids of batchesOf(all, BATCH_SIZE)) {
        if (!(await shouldContinue())) return;
        yield await alertBook.change(projectId, (writer, transaction) =>
          endBatch(writer, transaction, { projectId, ids, rule }),
        );
      }
    }
  };
}

/**
 * The orphaned alerts, in no order. Projects are few, so an index finds the open alerts of each.
 */
export function orphansQuery(query: Store['query'], rule: EndOrphansOptions['rule']) {
  const ofAll = query
    .selectFrom('alert_counters as project')
    // With an inner join, SQLite would start at all alerts, and search the index by rule for
    // non-null values.
    .crossJoin('alerts as alert')
    .whereRef('alert.project_id', '=', 'project.project_id')
    .where('alert.status', 'in', ['OPEN', 'ACKNOWLEDGED'])
    .where(sql<boolean>`coalesce(alert.rule_id, '') <> ''`)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('alert_states as state')
            .whereRef('state.project_id', '=', 'alert.project_id')
            .whereRef('state.rule_id', '=', 'alert.rule_id')
            .whereRef('state.alert_id', '=', 'alert.alert_id')
            .select('state.id'),
        ),
      ),
    )
    .select(['alert.project_id as projectId', 'alert.id as id', 'alert.sequence as sequence']);
  if (rule === undefined) return ofAll;
  return ofAll.where('alert.project_id', '=', rule.projectId).where('alert.rule_id', '=', rule.ruleId);
}

interface Orphan {
  readonly projectId: string;
  readonly id: string;
  readonly sequence: number;
}

/** Their ids by project, in the order in which they were raised. */
function byProject(orphans: readonly Orphan[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { projectId, id } of orphans.toSorted((one, other) => one.sequence - other.sequence)) {
    const known = ids.get(projectId) ?? [];
    ids.set(projectId, known);
    known.push(id);
  }
  return ids;
}

interface Batch {
  readonly projectId: string;
  readonly ids: readonly string[];
  readonly rule: EndOrphansOptions['rule'];
}

/**
 * Checks again in the transaction, where nobody else changes alerts of the project: an alert may
 * have been resolved meanwhile.
 */
async function endBatch(
  writer: AlertWriter,
  transaction: PrismaTransaction,
  { projectId, ids, rule }: Batch,
): Promise<void> {
  const alerts = await transaction.alert.findMany({
    where: { projectId, id: { in: [...ids] }, status: { not: 'RESOLVED' } },
    orderBy: { sequence: 'asc' },
  });
  const ruleIds = new Set(alerts.flatMap(({ ruleId }) => (ruleId === null ? [] : [ruleId])));
  const alertIds = alerts.map(({ alertId }) => alertId);
  const states = await transaction.alertState.findMany({
    where: { projectId, ruleId: { in: [...ruleIds] }, alertId: { in: alertIds } },
    select: { alertId: true },
  });
  const named = new Set(states.map(({ alertId }) => alertId));
  const orphans = alerts.filter(({ alertId }) => !named.has(alertId));
  await writer.resolveAll(orphans, 'RULE_CHANGED', rule && textsIn(rule.webhooks));
}

/**
 * How often to check for alerts that a change of a rule left open. Such alerts exist only if a
 * server died during the change.
 */
const CHECK_EVERY_MS = 60_000;

/** Calls `endOrphans` if the last call was at least CHECK_EVERY_MS ago. */
export function endOrphansWhenDue(endOrphans: EndOrphans, clock: Clock) {
  const isDue = nowAndThen(clock, CHECK_EVERY_MS);
  return async (shouldContinue: () => Promise<boolean>): Promise<void> => {
    if (isDue()) await endOrphans({ shouldContinue });
  };
}
