import { batchesOf } from '../core/batches.ts';
import { agentActivities } from '../declarations/agents/agent-activities.ts';
import type { RecordFile } from './follow-file.ts';
import { type ActivityInput, toActivities } from './log-activities.ts';
import { readProgressLog } from './progress-log.ts';
import { type CoordinationServices, recordAll } from './recorder.ts';

/** Both databases allow this many parameters in one statement, with room to spare. */
const IDS_PER_STATEMENT = 5_000;

/** Records the lines of the log that the database does not have. */
export function createLogRecorder(services: CoordinationServices): RecordFile {
  const { projectId, clock, retention } = services;
  // Avoids a query for the whole log whenever it has a new line. After a start, one such query is
  // needed.
  let recorded: ReadonlySet<string> = new Set();
  return async ({ text, changedAt }, settled) => {
    // The last line may not be complete yet.
    const complete = settled || text === '' || text.endsWith('\n');
    const lines = complete ? text : text.slice(0, text.lastIndexOf('\n') + 1);
    const { days } = await retention.policies.ofProjectAndDataset(projectId, agentActivities);
    const facts = { projectId, changedAt, now: clock.now(), keptDays: days.rows };
    const activities = toActivities(readProgressLog(lines), facts);
    const fresh = await withoutStored(
      services,
      activities.filter(({ id }) => !recorded.has(id)),
    );
    const problem = await recordAll(services, agentActivities, fresh);
    recorded = new Set(activities.map(({ id }) => id));
    return complete ? { problem } : 'UNSETTLED';
  };
}

/**
 * The activities that are not stored. The write path would detect duplicates too, but this query
 * spares the writer.
 */
async function withoutStored(
  { store, projectId }: CoordinationServices,
  activities: readonly ActivityInput[],
): Promise<ActivityInput[]> {
  const stored = new Set<unknown>();
  for (const batch of batchesOf(activities, IDS_PER_STATEMENT)) {
    const ids = batch.map(({ id }) => id);
    const rows = await store.query
      .selectFrom(agentActivities.table)
      .select('id')
      .where('project_id', '=', projectId)
      .where('id', 'in', ids)
      .execute();
    for (const { id } of rows) stored.add(id);
  }
  return activities.filter(({ id }) => !stored.has(id));
}
