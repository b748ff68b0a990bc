import { sql } from 'kysely';
import { isWithin } from '../../../core/build-filter.ts';
import { defined } from '../../../core/defined.ts';
import type { Filter } from '../../../core/filter.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { DAY_MS } from '../../../core/time/units.ts';
import { taskEvents } from '../../../declarations/agents/task-events.ts';
import type { Context } from '../../../graphql/context.ts';
import { selectScope } from '../../../lists/list-page.ts';
import { assigneeBefore } from '../assignee-before.ts';
import { SETS_STATUS, statusChanges } from './status-changes.ts';

type Store = Context['services']['store'];
/** A select over tables that are only known at run time. */
type Select = Parameters<Store['functions']['joinEach']>[0];

/** How long tasks stayed in a status. */
export interface TaskStatusTime {
  readonly status: string;
  /**
   * The assignee during the stays, if they are grouped by it; null if there was none, or they are
   * not grouped by it.
   */
  readonly assignedTo: string | null;
  /** Stays that ended in the range. */
  readonly count: number;
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly averageMs: number;
}

/** Boards have fewer. Limits the answer if a client invents statuses or assignees. */
const MAX_ENTRIES = 1_000;

/** The stays to count. */
export interface StatusTimesQuestion {
  /** Matches the events that ended the stays. Its `assignedTo` is the assignee up to that event. */
  readonly filter: Filter | null;
  /** Only stays in these statuses; null for any. */
  readonly statuses: readonly string[] | null;
  /** Whether stays of each assignee count separately. */
  readonly byAssignee: boolean;
}

/**
 * The stays in each status that ended in the range, as far as the events are kept. A stay lasts
 * from the event that set the status to the next event of the task that set another status or
 * deleted the task.
 */
export async function readStatusTimes(
  { services, projectId }: Context,
  asked: AskedRange,
  question: StatusTimesQuestion,
): Promise<readonly TaskStatusTime[]> {
  const { range } = (await services.analytics.keptRows({ dataset: taskEvents, projectId, range: asked }))
    .source;
  const rows = await statusTimesQuery(services.store, { ...question, projectId, range }).execute();
  return rows.map((row) => ({ assignedTo: null, ...row, count: Number(row.count) }) as TaskStatusTime);
}

/**
 * The amount of data read does not grow with the history of the project. First come the events of
 * the range, found by time; then the histories of their tasks, task by task, through the index on
 * the task. The histories are needed because a stay may have begun long before the range.
 */
export function statusTimesQuery(
  store: Store,
  question: StatusTimesQuestion & { readonly projectId: string; readonly range: Interval },
) {
  const { projectId, range, filter, statuses, byAssignee } = question;
  const { query, functions } = store;
  // Timestamps come from the clocks of clients, which are at most a day ahead. So this includes all
  // that happened in the range by the server's clock.
  const byClients = isWithin('timestamp', { from: range.from, to: range.to + DAY_MS });
  const scope = { table: taskEvents, projectId, filter: byClients };
  const happened = functions.earlier(sql.ref('timestamp'), sql.ref('received_at'));
  const inRange = () =>
    selectScope(store, scope)
      .where(SETS_STATUS)
      .where(sql<boolean>`${happened} >= ${functions.instant(range.from)}`)
      .where(sql<boolean>`${happened} < ${functions.instant(range.to)}`);
  const ending = () => {
    if (filter === null) return inRange();
    const wanted = { table: taskEvents, projectId, filter };
    return selectScope(store, wanted, withAssigneeBefore(store, inRange()));
  };
  const concerned = query.selectFrom(ending().select('task_id').distinct().as('concerned'));
  const histories = functions.joinEach(concerned, taskEvents.table, 'event', [
    sql`event.project_id = ${projectId}`,
    sql`event.task_id = concerned.task_id`,
    sql`${functions.earlier(sql.ref('event.timestamp'), sql.ref('event.received_at'))} < ${functions.instant(range.to)}`,
    SETS_STATUS,
  ]);
  const columns = ['task_id', 'id', 'timestamp', 'received_at', 'event_type', 'new_status'].map(
    (name) => `event.${name}`,
  );
  const events = query.selectFrom(histories.select(columns).as('events'));
  const spent = functions.millisecondsBetween(sql.ref('entered'), sql.ref('timestamp'));
  const [median, p90] = functions.percentiles(spent, [0.5, 0.9]);
  const changes: Select = query.selectFrom(statusChanges(store, events).as('changes'));
  const stays = statuses === null ? changes : changes.where('previous', 'in', statuses);
  const counted = stays
    .where('previous', 'is not', null)
    .groupBy('previous')
    .select([
      'previous as status',
      sql<number | string>`count(*)`.as('count'),
      defined(median).as('medianMs'),
      defined(p90).as('p90Ms'),
      sql<number>`avg(${spent})`.as('averageMs'),
    ])
    .orderBy(sql`count(*)`, 'desc')
    .orderBy(functions.codePointOrder(sql.ref('previous')))
    .limit(MAX_ENTRIES);
  if (!byAssignee) return counted.where('changes.id', 'in', ending().select('id'));
  const assignees = withAssigneeBefore(store, ending());
  const assignedTo = sql`nullif(assignees.assigned_to, '')`;
  return counted
    .innerJoin(assignees.select(['id', 'assigned_to']).as('assignees'), 'assignees.id', 'changes.id')
    .select(assignedTo.as('assignedTo'))
    .groupBy(assignedTo)
    .orderBy(functions.codePointOrder(assignedTo), (order) => order.asc().nullsLast());
}

/** The columns that a filter may use. */
const FILTERED = taskEvents.columns.filter(({ name }) => name !== 'assignedTo').map(({ sqlName }) => sqlName);

/**
 * Adds to each event the assignee that the task had before it. An event that ends a stay may
 * reassign the task, and usually names no assignee.
 */
function withAssigneeBefore({ query, functions }: Store, events: Select) {
  const replaced = query
    .selectFrom(events.selectAll().as('event'))
    .select([...FILTERED.map((name) => `event.${name}`), assigneeBefore(functions).as('assigned_to')]);
  return query.selectFrom(replaced.as('ending'));
}
