import { datasets } from '../../declarations/registry.ts';
import type { Inspection } from '../../storage/inspection.ts';
import { showCount, showSpan } from './amounts.ts';
import { type Finding, ok, warning } from './finding.ts';

/** The events of one dataset that one service recorded in the last hour. */
export interface Arrival {
  readonly project: string;
  readonly dataset: string;
  readonly service: string | null;
  readonly events: number;
  /** Epoch milliseconds. */
  readonly newestReceivedAt: number;
}

export interface ArrivalFacts {
  readonly now: number;
  readonly arrivals: readonly Arrival[];
  /** Whether a dataset had more events than are counted. */
  readonly isCut: boolean;
  /** The time of the newest event ever, in epoch milliseconds. Null: there is none. */
  readonly newest: number | null;
}

const HOUR_MS = 3_600_000;
/** Counting more takes seconds and reveals nothing more. */
const MAX_EVENTS = 20_000;
/** The maximum number of projects whose newest event is searched for by name. */
const MAX_NAMED = 100;
/** The maximum number of lines in the report. */
const MAX_LINES = 20;

/** Reads events of the last hour, by their own time, from the index on project and time. */
export async function probeArrivals(inspection: Inspection, now: number): Promise<ArrivalFacts> {
  const { instant, milliseconds } = inspection;
  const projects = await namedProjects(inspection);
  const arrivals: Arrival[] = [];
  let isCut = false;
  let newest: number | null = null;
  for (const { name, table } of datasets) {
    const rows = await inspection.query(
      `select project_id, service, count(*) as events, max(${milliseconds('received_at')}) as received_at
         from (select project_id, service, received_at from "${table}"
                where project_id in (select project_id from projects) and timestamp >= ${instant(now - HOUR_MS)}
                order by timestamp desc limit ${MAX_EVENTS}) as recent
        group by project_id, service`,
    );
    const found = rows.map((row) => ({
      project: String(row['project_id']),
      dataset: name,
      service: row['service'] === null ? null : String(row['service']),
      events: Number(row['events']),
      newestReceivedAt: Number(row['received_at']),
    }));
    if (found.reduce((sum, { events }) => sum + events, 0) >= MAX_EVENTS) isCut = true;
    arrivals.push(...found);
    const time = await newestOf(inspection, { table, projects, now });
    if (time !== null) newest = Math.max(newest ?? 0, Number(time));
  }
  return { now, arrivals, isCut, newest };
}

/**
 * Citus cannot look up the newest event for each row of a table, so the projects are named. Null:
 * no need to name them.
 */
async function namedProjects(inspection: Inspection): Promise<readonly string[] | null> {
  if ((await inspection.cluster()) === null) return null;
  const rows = await inspection.query(
    `select project_id from projects order by project_id limit ${MAX_NAMED}`,
  );
  return rows.map((row) => String(row['project_id']));
}

/** The time of the newest event of a table, by one index seek per project. */
async function newestOf(
  { query, instant, milliseconds }: Inspection,
  {
    table,
    projects,
    now,
  }: { readonly table: string; readonly projects: readonly string[] | null; readonly now: number },
): Promise<unknown> {
  const ofProject = (project: string) =>
    `(select max(${milliseconds('timestamp')}) as newest from "${table}" as event
       where event.project_id = ${project} and event.timestamp <= ${instant(now)})`;
  if (projects?.length === 0) return null;
  const each = projects?.map((_, index) => `select newest from ${ofProject(`$${index + 1}`)} as one`);
  const perProject =
    each?.join(' union all ') ?? `select ${ofProject('projects.project_id')} as newest from projects`;
  const [last] = await query(
    `select max(newest) as newest from (${perProject}) as per_project`,
    projects ?? [],
  );
  return last?.['newest'] ?? null;
}

/** Epoch milliseconds; null if there are no events in the last hour. */
export const newestReceivedAt = ({ arrivals }: Pick<ArrivalFacts, 'arrivals'>): number | null =>
  arrivals.length === 0 ? null : Math.max(...arrivals.map((arrival) => arrival.newestReceivedAt));

export function assessArrivals({ now, arrivals, isCut, newest }: ArrivalFacts): readonly Finding[] {
  if (newest === null && arrivals.length === 0) {
    return [
      warning(
        'arrivals',
        'Nothing has been recorded yet.',
        'Record a first event (README), and check the response that the sender gets: its errors ' +
          'include partial failures.',
      ),
    ];
  }
  if (arrivals.length === 0) {
    return [
      warning(
        'arrivals',
        `No event arrived in the last hour; the newest one is ${showSpan(now - (newest ?? now))} old.`,
        'Check that the senders run, which URL and key they use, and which responses they get.',
      ),
    ];
  }
  const total = arrivals.reduce((sum, { events }) => sum + events, 0);
  const sorted = [...arrivals].sort((one, other) => other.events - one.events);
  const details = sorted
    .slice(0, MAX_LINES)
    .map(
      ({ project, dataset, service, events, newestReceivedAt: at }) =>
        `${dataset} of ${service ?? 'no service'} in ${project}: ${showCount(events, 'event')}, the newest ` +
        `${showSpan(Math.max(0, now - at))} ago`,
    );
  const more = arrivals.length - details.length;
  const all = more > 0 ? [...details, `and ${showCount(more, 'more line')}`] : details;
  return [
    ok('arrivals', `${isCut ? 'At least ' : ''}${showCount(total, 'event')} arrived in the last hour.`, all),
  ];
}
