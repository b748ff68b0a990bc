import { type RawBuilder, sql } from 'kysely';
import type { Clock } from '../core/clock.ts';
import { numberAt, type Row, textAt } from '../core/dataset/row.ts';
import { columnOf } from '../core/dataset/table.ts';
import { mostOf } from '../core/dataset/tallied.ts';
import { defined } from '../core/defined.ts';
import { TelltaleError } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import { bucketStart } from '../core/rollup/fold.ts';
import type { Interval } from '../core/time/range.ts';
import { DAY_MS } from '../core/time/units.ts';
import type { CompletionServices } from '../declarations/completion.ts';
import { costCorrections } from '../declarations/llm/cost-corrections.ts';
import { llmCalls } from '../declarations/llm/llm-calls.ts';
import { rebuildDay } from '../rollups/rebuild.ts';
import { readHorizons } from '../storage/horizons.ts';
import type { QueryBuilder, Store } from '../storage/store.ts';
import { boundedSum } from './bounded-sum.ts';
import { changedCosts, correctedValues, type Found } from './changed-costs.ts';
import { noteCorrection, readCalls, writeCalls } from './correct-calls.ts';
import { correctTallies } from './correct-tallies.ts';
import type { HeldPrices } from './held-prices.ts';

/** Which calls get the costs that the prices say now. */
export interface CorrectionRequest {
  readonly projectId: string;
  readonly range: Interval;
  readonly provider: string | null;
  readonly model: string | null;
  /** True: nothing is changed, only counted. */
  readonly dryRun: boolean;
  readonly reason: string | null;
  /** The id of an API key; null: a server that asks for no key. */
  readonly requestedBy: string | null;
}

/** Computes the costs of stored calls anew. */
export interface Corrections {
  /**
   * Stores that a correction is to be made. `work` makes it.
   *
   * @returns its id
   * @throws TelltaleError CONFLICT while another one of the project is under way
   */
  begin(request: CorrectionRequest): Promise<string>;
  /**
   * Works on a correction until it is done, in portions. Each is a transaction, after which another
   * instance may go on as well as this one.
   *
   * @param shouldContinue is asked before each portion
   */
  work(key: CorrectionKey, shouldContinue: () => boolean | Promise<boolean>): Promise<void>;
  /** Ends a correction that an error keeps from going on. The next one of the project makes up its totals. */
  fail(key: CorrectionKey, error: unknown): Promise<void>;
  /** Those that are under way, of all projects. */
  underWay(): Promise<readonly CorrectionKey[]>;
}

export interface CorrectionKey {
  readonly projectId: string;
  readonly id: string;
}

export interface CorrectionsOptions {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively' | 'prisma' | 'transact' | 'reading'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly completion: CompletionServices;
  readonly held: Pick<HeldPrices, 'refresh'>;
  /** Calls per transaction. Events wait for it, some milliseconds. Default: 200. */
  readonly pageSize?: number;
}

const DEFAULT_PAGE_SIZE = 200;

export function createCorrections(options: CorrectionsOptions): Corrections {
  const { store, clock, ids, completion, held, pageSize = DEFAULT_PAGE_SIZE } = options;

  /** @returns whether something is left to do */
  async function workOnPortion(key: CorrectionKey): Promise<boolean> {
    const job = await readJob(store, key);
    if (job === null) return false;
    const { rows: horizon } = await readHorizons(store.query, key.projectId, llmCalls);
    const begin = { timestamp: Math.max(job.rangeFrom, horizon), id: null };
    const { reached } = job;
    const after = reached !== null && reached.timestamp >= begin.timestamp ? reached : begin;
    // Calls of a rare model are far apart: reads of many rows take turns with others of their kind.
    const found = await store.reading({ kind: 'LONG', projectId: key.projectId }, () =>
      readCalls(store, { ...job, after, to: job.rangeTo, limit: pageSize }),
    );
    const day = found[0] === undefined ? null : dayOf(found[0]);
    if (job.changedDay !== null && job.changedDay !== day) {
      await rebuildTotals(job, job.changedDay);
      return true;
    }
    if (day === null) await end(key, job, horizon);
    else
      await correctPage(
        job,
        found.filter((call) => dayOf(call) === day),
      );
    return day !== null;
  }

  /** Another instance may meanwhile have corrected more calls of the day: then it is still to be done. */
  async function rebuildTotals({ projectId, id, reached }: Job, day: number): Promise<void> {
    const scope = { dataset: llmCalls, projectId, from: day, to: day + DAY_MS };
    for await (const _step of rebuildDay(store, scope));
    const changedDay = new Date(day);
    await store.prisma.costCorrection.updateMany({
      where: { projectId, id, changedDay, reachedId: reached?.id ?? null },
      data: { changedDay: null },
    });
  }

  async function correctPage(job: Job, calls: readonly Row[]): Promise<void> {
    const { projectId, id } = job;
    const { changed, found } = changedCosts(calls, completion);
    const first = defined(calls[0]);
    const last = defined(calls.at(-1));
    await store.exclusively(async (transaction) => {
      const { rows: horizon } = await readHorizons(transaction, projectId, llmCalls);
      // Retention may have begun to remove the calls of the day: then its totals stay.
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

  async function end({ projectId, id }: CorrectionKey, { rangeFrom }: Job, horizon: number): Promise<void> {
    const time = new Date(clock.now());
    await store.prisma.costCorrection.updateMany({
      where: { projectId, id, status: 'RUNNING' },
      data: {
        ...{ status: 'DONE', endedAt: time, updatedAt: time },
        ...(rangeFrom < horizon && { keptBefore: new Date(horizon) }),
      },
    });
  }

  return {
    begin: (request) => beginCorrection(options, request),
    async work(key, shouldContinue) {
      // Another instance may have set the prices.
      await held.refresh();
      while ((await shouldContinue()) && (await workOnPortion(key)));
    },
    async fail({ projectId, id }, error) {
      const time = new Date(clock.now());
      await store.prisma.costCorrection.updateMany({
        where: { projectId, id, status: 'RUNNING' },
        data: { status: 'FAILED', problem: problemOf(error, id), endedAt: time, updatedAt: time },
      });
    },
    underWay: () =>
      store.prisma.costCorrection.findMany({
        where: { status: 'RUNNING' },
        select: { projectId: true, id: true },
        orderBy: { createdAt: 'asc' },
      }),
  };
}

/** A correction that is under way. Times are epoch milliseconds. */
interface Job extends CorrectionKey {
  readonly rangeFrom: number;
  readonly rangeTo: number;
  readonly provider: string | null;
  readonly model: string | null;
  readonly dryRun: boolean;
  readonly reached: { readonly timestamp: number; readonly id: string } | null;
  readonly changedDay: number | null;
}

/** @returns null if it has ended, or its project is gone */
async function readJob({ prisma }: Pick<Store, 'prisma'>, key: CorrectionKey): Promise<Job | null> {
  const stored = await prisma.costCorrection.findUnique({ where: { projectId_id: key } });
  if (stored?.status !== 'RUNNING') return null;
  const { rangeFrom, rangeTo, provider, model, dryRun, reachedAt, reachedId, changedDay } = stored;
  return {
    ...key,
    ...{ provider, model, dryRun },
    rangeFrom: rangeFrom.getTime(),
    rangeTo: rangeTo.getTime(),
    reached:
      reachedAt === null || reachedId === null ? null : { timestamp: reachedAt.getTime(), id: reachedId },
    changedDay: changedDay?.getTime() ?? null,
  };
}

/** Whether nobody has gone on with the correction since it was read. */
async function isAt(transaction: QueryBuilder, { projectId, id, reached }: Job): Promise<boolean> {
  const row = await transaction
    .selectFrom('cost_corrections')
    .select(['reached_id', 'status'])
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.['status'] === 'RUNNING' && row['reached_id'] === (reached?.id ?? null);
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

/** What a look at some calls adds to the sums of a correction, by their names in its table. */
const addedTo = (found: Found): Readonly<Record<string, RawBuilder<number>>> =>
  Object.fromEntries(
    SUMS.map((name) => {
      const column = columnOf(costCorrections, name);
      const { sqlName } = column;
      return [sqlName, boundedSum(sql.ref(sqlName), sql.lit(found[name]), mostOf(column))];
    }),
  );

/** What those who ask for corrections may know of an error. */
const problemOf = (error: unknown, id: string): string =>
  error instanceof TelltaleError
    ? error.message
    : `An error that the server did not expect. Its log has it beside the id ${id}.`;

async function beginCorrection(
  { store, clock, ids }: CorrectionsOptions,
  { projectId, range, ...asked }: CorrectionRequest,
): Promise<string> {
  const time = new Date(clock.now());
  const id = ids.next();
  await store.transact(`corrections ${projectId}`, async (prisma) => {
    const other = await prisma.costCorrection.findFirst({ where: { projectId, status: 'RUNNING' } });
    if (other !== null) {
      throw new TelltaleError(
        'CONFLICT',
        `Costs of the project are being recomputed already, since ${other.createdAt.toISOString()}. Wait until ` +
          'it is DONE: `costCorrections` says so.',
        { correction: other.id },
      );
    }
    const failed = { projectId, changedDay: { not: null } };
    const behind = await prisma.costCorrection.findFirst({ where: failed });
    await prisma.costCorrection.updateMany({ where: failed, data: { changedDay: null } });
    await prisma.costCorrection.create({
      data: {
        ...{ projectId, id, ...asked },
        // A day whose calls one that FAILED has changed, and its totals not.
        changedDay: behind?.changedDay ?? null,
        ...{ rangeFrom: new Date(range.from), rangeTo: new Date(range.to), status: 'RUNNING' },
        ...{ calls: 0, changedCalls: 0, costBeforeNanoUsd: 0, costAfterNanoUsd: 0 },
        ...{ unknownBefore: 0, unknownAfter: 0, createdAt: time, updatedAt: time },
      },
    });
  });
  return id;
}
