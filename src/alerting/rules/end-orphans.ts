import { sql } from 'kysely';
import { batchesOf } from '../../core/batches.ts';
import type { Clock } from '../../core/clock.ts';
import type { PrismaTransaction } from '../../storage/prisma.ts';
import type { Store } from '../../storage/store.ts';
import type { AlertBook } from '../book/alert-book.ts';
import type { AlertWriter } from '../book/alert-writer.ts';
import { nowAndThen } from '../lease/now-and-then.ts';
import type { StoredRule } from './rule.ts';

/**
 * Ends the open alerts of rules that no state of a group names any more (RULE_CHANGED): whoever
 * changed, disabled or deleted the rule has had forgotten what it had found. An alert is raised,
 * and stays open, together with the state that names it, in one transaction, so none that a rule
 * still looks after is among them.
 *
 * Others change alerts in between. What is left when it is broken off is found the next time.
 */
export type EndOrphans = (options?: EndOrphansOptions) => Promise<void>;

export interface EndOrphansOptions {
  /**
   * Whose alerts, as the rule was that raised them: its webhooks are told. Left out: of all rules
   * of all projects.
   */
  readonly rule?: Pick<StoredRule, 'projectId' | 'ruleId' | 'webhooks'>;
  /** Asked between portions; false: leave the rest. */
  readonly shouldContinue?: () => Promise<boolean>;
}

export interface EndOrphansServices {
  readonly store: Pick<Store, 'query'>;
  readonly alertBook: Pick<AlertBook, 'change'>;
}

/**
 * Alerts per transaction: whoever else changes one, or on SQLite records an event, waits for a
 * fraction of a second.
 */
const BATCH_SIZE = 100;

export function createEndOrphans({ store, alertBook }: EndOrphansServices): EndOrphans {
  return async ({ rule, shouldContinue = () => Promise.resolve(true) } = {}) => {
    for (const [projectId, ids] of byProject(await orphansQuery(store.query, rule).execute())) {
      for (const batch of batchesOf(ids, BATCH_SIZE)) {
        if (!(await shouldContinue())) return;
        await alertBook.change(projectId, (writer, transaction) =>
          endBatch(writer, transaction, { projectId, ids: batch, rule }),
        );
      }
    }
  };
}

/** Such alerts, in no order. Projects are few, so the open alerts of each are found by an index. */
export function orphansQuery(query: Store['query'], rule: EndOrphansOptions['rule']) {
  const ofAll = query
    .selectFrom('alert_counters as project')
    // SQLite would begin an inner join with all alerts, and ask for what is not null the index by
    // rules.
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

/** Their ids, in the order in which they were raised. */
function byProject(orphans: readonly Orphan[]): ReadonlyMap<string, readonly string[]> {
  const ids = new Map<string, string[]>();
  for (const { projectId, id } of orphans.toSorted((one, other) => one.sequence - other.sequence)) {
    const known = ids.get(projectId) ?? [];
    ids.set(projectId, known);
    known.push(id);
  }
  return ids;
}

interface Portion {
  readonly projectId: string;
  readonly ids: readonly string[];
  readonly rule: EndOrphansOptions['rule'];
}

/**
 * Looks again, where nobody else changes alerts of the project: another may have ended them
 * meanwhile.
 */
async function endBatch(
  writer: AlertWriter,
  transaction: PrismaTransaction,
  { projectId, ids, rule }: Portion,
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
  const lookedAfter = new Set(states.map(({ alertId }) => alertId));
  const orphans = alerts.filter(({ alertId }) => !lookedAfter.has(alertId));
  await writer.resolveAll(orphans, 'RULE_CHANGED', rule?.webhooks as readonly string[] | undefined);
}

/**
 * So often it is looked for what a change of a rule has left: there is something only when a server
 * died in the middle of one.
 */
const LOOK_EVERY_MS = 60_000;

/** The same, when it is due. */
export function endOrphansWhenDue(endOrphans: EndOrphans, clock: Clock) {
  const isDue = nowAndThen(clock, LOOK_EVERY_MS);
  return async (shouldContinue: () => Promise<boolean>): Promise<void> => {
    if (isDue()) await endOrphans({ shouldContinue });
  };
}
