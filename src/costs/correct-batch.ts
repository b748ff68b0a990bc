import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { numberAt, type Row, textAt } from '../core/dataset/row.ts';
import { columnOf } from '../core/dataset/table.ts';
import { mostOf } from '../core/dataset/tallied.ts';
import { defined } from '../core/defined.ts';
import type { IdSource } from '../core/ids.ts';
import { bucketStart } from '../core/rollup/fold.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { CompletionServices } from '../declarations/completion.ts';
import { costCorrections } from '../declarations/llm/cost-corrections.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import { rebuildDay } from '../rollups/rebuild.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import { boundedSum } from './bounded-sum.ts';
import { changedCosts, correctedValues, type Found } from './changed-costs.ts';
import { findCalls, noteCorrection, type Position, writeCalls } from './correct-calls.ts';
import { correctTallies } from './correct-tallies.ts';
import { type CorrectionKey, isAt, type Job, readJob } from './correction-job.ts';

export interface CorrectionOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma' | 'reading'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly completion: CompletionServices;
  /** Calls per transaction. Events wait for it, for some milliseconds. Default: 200. */
  readonly pageSize?: number;
  /** The approximate number of calls that a batch scans. Default: 20,000. */
  readonly maxScanned?: number;
}

const DEFAULT_PAGE_SIZE = 200;
/** Takes some milliseconds. */
const DEFAULT_MAX_SCANNED = 20_000;

/**
 * Continues a correction by one transaction: corrects calls of one day, or recomputes the totals of
 * a day whose calls were corrected.
 *
 * @returns whether work remains
 */
export async function correctBatch(options: CorrectionOptions, key: CorrectionKey): Promise<boolean> {
  const { store, pageSize: limit = DEFAULT_PAGE_SIZE, maxScanned: most = DEFAULT_MAX_SCANNED } = options;
  const job = await readJob(store, key);
  if (job === null) return false;
  const { rows: horizon } = await readHorizons(store.query, key.projectId, llmCalls);
  const begin = { timestamp: Math.max(job.rangeFrom, horizon), id: null };
  const { reached } = job;
  const after = reached !== null && reached.timestamp >= begin.timestamp ? reached : begin;
  // Reads of many rows take turns with others of their kind.
  const { calls, scannedTo } = await store.reading({ kind: 'LONG', projectId: key.projectId }, () =>
    findCalls(store, { ...job, after, to: job.rangeTo, limit, most }),
  );
  const next = calls[0] === undefined ? scannedTo?.timestamp : timeOf(calls[0]);
  const day = next === undefined ? null : bucketStart(next, 'DAY');
  if (job.changedDay !== null && job.changedDay !== day) {
    await rebuildTotals(store, job, job.changedDay);
    return true;
  }
  const ofDay = calls.filter((call) => dayOf(call) === day);
  if (ofDay.length > 0) await correctPage(options, job, ofDay);
  else if (scannedTo !== null) await noteProgress(options, job, scannedTo);
  else await end(options, job, horizon);
  return day !== null;
}

/** Records up to which call there was nothing to correct. */
async function noteProgress({ store, clock }: CorrectionOptions, job: Job, reached: Position): Promise<void> {
  const { projectId, id, reached: before } = job;
  await store.prisma.costCorrection.updateMany({
    where: { projectId, id, status: 'RUNNING', reachedId: before?.id ?? null },
    data: {
      reachedAt: new Date(reached.timestamp),
      reachedId: reached.id,
      updatedAt: new Date(clock.now()),
    },
  });
}

/** If another instance meanwhile corrected more calls of the day, the totals remain to be done. */
async function rebuildTotals(
  store: CorrectionOptions['store'],
  { projectId, id, reached }: Job,
  day: number,
): Promise<void> {
  const scope = { dataset: llmCalls, projectId, from: day, to: day + DAY_MS };
  for await (const _step of rebuildDay(store, scope));
  const changedDay = new Date(day);
  await store.prisma.costCorrection.updateMany({
    where: { projectId, id, changedDay, reachedId: reached?.id ?? null },
    data: { changedDay: null },
  });
}

async function correctPage(
  { store, clock, ids, completion }: CorrectionOptions,
  job: Job,
  calls: readonly Row[],
): Promise<void> {
  const { projectId, id } = job;
  const { changed, found } = changedCosts(calls, completion);
  const first = defined(calls[0]);
  const last = defined(calls.at(-1));
  await store.exclusively(async (transaction) => {
    const { rows: horizon } = await readHorizons(transaction, projectId, llmCalls);
    // Retention may have begun to remove the calls of the day. Then its totals stay.
    if (dayOf(first) < horizon || !(await isAt(transaction, job))) return;
    const isChange = changed.length > 0 && !job.dryRun;
    if (isChange) {
      const values = changed.map(({ after }) => correctedValues(after));
      await writeCalls(store, transaction, { projectId, changed: values });
      await correctTallies(store, transaction, { projectId, changed });
      const times = { first: timeOf(first), last: timeOf(last) };
      await noteCorrection(transaction, { id: ids.next(), projectId, ...times });
    }
    await transaction
      .updateTable('cost_corrections')
      .set({
        ...addedTo(found),
        reached_at: store.functions.instant(timeOf(last)),
        reached_id: textAt(last, llmCalls.at.id),
        updated_at: store.functions.instant(clock.now()),
        ...(isChange && { changed_day: store.functions.instant(dayOf(first)) }),
      })
      .where('project_id', '=', projectId)
      .where('id', '=', id)
      .execute();
  });
}

async function end(
  { store, clock }: CorrectionOptions,
  { projectId, id, rangeFrom }: Job,
  horizon: number,
): Promise<void> {
  const time = new Date(clock.now());
  await store.prisma.costCorrection.updateMany({
    where: { projectId, id, status: 'RUNNING' },
    data: {
      ...{ status: 'DONE', endedAt: time, updatedAt: time },
      ...(rangeFrom < horizon && { keptBefore: new Date(horizon) }),
    },
  });
}

const timeOf = (call: Row): number => numberAt(call, llmCalls.at.timestamp);
const dayOf = (call: Row): number => bucketStart(timeOf(call), 'DAY');

const SUMS = [
  'calls',
  'changedCalls',
  'costBefore',
  'costAfter',
  'unknownBefore',
  'unknownAfter',
] as const satisfies readonly (keyof Found)[];

/** What the check of some calls adds to the sums of a correction, by their names in its table. */
const addedTo = (found: Found): Readonly<Record<string, RawBuilder<number>>> =>
  Object.fromEntries(
    SUMS.map((name) => {
      const column = columnOf(costCorrections, name);
      const { sqlName } = column;
      return [sqlName, boundedSum(sql.ref(sqlName), sql.lit(found[name]), mostOf(column))];
    }),
  );
