import type { Dataset } from '../core/dataset/dataset.ts';
import type { RetentionDays } from '../core/dataset/retention.ts';
import { inRotation } from '../core/in-rotation.ts';
import { projectsIn } from '../rollups/stored-rows.ts';
import { raiseHorizons, readHorizons, type ScopeOfHorizons } from '../storage/horizons.ts';
import type { Store } from '../storage/store.ts';
import type { RowArchive } from './archive.ts';
import { countAll, type Expired, expiredOf, oldestOf, removeFrom } from './expired.ts';
import type { ExpiringStates, RemovalOptions } from './expiring-states.ts';
import { cutoffOf, planRetention } from './plan.ts';
import type { Policies } from './policies.ts';

/**
 * Rows or cells per transaction. Events wait for a transaction, some tens of milliseconds at most.
 */
const DEFAULT_BATCH_SIZE = 2_000;

/**
 * What a run removed, or would have removed, of one dataset or one kind of states, in all projects.
 */
export interface Removal {
  /** Its name. */
  readonly dataset: string;
  readonly rows: number;
  readonly cells: number;
  /** How many of the rows this run archived before they were removed. */
  readonly archived: number;
  /**
   * The time of the oldest row or cell among them, in epoch milliseconds; null for none and for
   * states.
   */
  readonly from: number | null;
  /** All of them were before this instant; null: there are none. */
  readonly until: number | null;
}

/** The next run continues one that its signal ended. */
export type RunOptions = RemovalOptions;

export interface RunContext {
  readonly store: Pick<Store, 'query' | 'functions' | 'exclusively'>;
  readonly policies: Policies;
  readonly datasets: readonly Dataset[];
  readonly states: readonly ExpiringStates[];
  /** How many days states are kept. */
  readonly stateDays: number;
  readonly now: number;
  readonly batchSize?: number;
  /** Keeps rows before they are removed. */
  readonly archive?: RowArchive;
  /** Whether rows before the instant must be changed first. Default: none must. */
  readonly isAwaited?: (scope: ScopeOfHorizons, before: number) => Promise<boolean>;
  /** Called after each batch with what was removed so far. */
  onBatch?(removals: readonly Removal[]): Promise<void>;
}

/**
 * Removes what has expired, first from the datasets, then from the states. The result has one entry
 * for each of them.
 */
export async function runRetention(context: RunContext, options: RunOptions = {}): Promise<Removal[]> {
  return [...(await removeEvents(context, options)), ...(await removeStates(context, options))];
}

async function removeStates(context: RunContext, options: RunOptions): Promise<Removal[]> {
  const before = cutoffOf(context.stateDays, context.now);
  const removals: Removal[] = [];
  for (const { name, remove } of context.states) {
    const rows = options.signal?.aborted ? 0 : await remove(before, options);
    removals.push({
      dataset: name,
      rows,
      cells: 0,
      archived: 0,
      from: null,
      until: rows === 0 ? null : before,
    });
  }
  return removals;
}

/** Removes what the policies no longer keep. The projects take turns. */
async function removeEvents(context: RunContext, options: RunOptions): Promise<Removal[]> {
  const removals: Counted[] = [];
  const ofProjects = new Map<string, Task[]>();
  const { query } = context.store;
  const policyOf = await context.policies.ofAll();
  const withCells = await projectsIn(query, 'rollup_cells');
  for (const dataset of context.datasets) {
    const removal = { dataset: dataset.name, rows: 0, cells: 0, archived: 0, from: null, until: null };
    removals.push(removal);
    const projects = new Set([...(await projectsIn(query, dataset.table)), ...withCells]);
    for (const projectId of [...projects].sort()) {
      const tasks = ofProjects.get(projectId) ?? [];
      ofProjects.set(projectId, tasks);
      tasks.push({ projectId, dataset, days: policyOf(projectId, dataset).days, removal });
    }
  }
  const batchDone = async () => context.onBatch?.(removals);
  await inRotation(
    [...ofProjects.values()].map((tasks) => removeOf(context, tasks, { ...options, batchDone })),
  );
  return removals;
}

type Counted = { -readonly [Name in keyof Removal]: Removal[Name] };

/** What to remove of a dataset in a project. */
interface Task {
  readonly projectId: string;
  readonly dataset: Dataset;
  readonly days: RetentionDays;
  /** Counts what is removed. */
  readonly removal: Counted;
}

/** Each value is a batch. */
async function* removeOf(
  context: RunContext,
  tasks: readonly Task[],
  options: RunOptions & { batchDone(): Promise<void> },
): AsyncGenerator<void> {
  for (const { projectId, dataset, days, removal } of tasks) {
    const scope = { projectId, dataset };
    if (options.signal?.aborted) return;
    const cutoffs = planRetention(days, context.now);
    const candidates = expiredOf(context.store, scope, cutoffs);
    const expired = await findExpired(context, await withoutNeeded(context, candidates, scope));
    if (options.dryRun !== true) await moveHorizons(context, scope, expired);
    for (const part of expired) {
      removal.from = Math.min(part.oldest, removal.from ?? part.oldest);
      removal.until = Math.max(part.horizon.instant, removal.until ?? 0);
      if (part.horizon.source === 'RAW' && options.dryRun !== true && context.archive !== undefined) {
        const rows = { ...scope, oldest: part.oldest, before: part.horizon.instant };
        for await (const archived of context.archive.keep(rows)) {
          if (options.signal?.aborted) return;
          removal.archived += archived;
          await options.batchDone();
          yield;
        }
      }
      for await (const count of removeAll(context, part, options)) {
        removal[part.horizon.source === 'RAW' ? 'rows' : 'cells'] += count;
        await options.batchDone();
        yield;
      }
    }
  }
}

/**
 * Rows stay until the cells that outlive them are made, and until they have the costs that somebody
 * has asked for: archived rows no longer change.
 */
async function withoutNeeded(
  { store, isAwaited = async () => false }: RunContext,
  candidates: readonly Expired[],
  scope: ScopeOfHorizons,
): Promise<readonly Expired[]> {
  const { making } = await readHorizons(store.query, scope.projectId, scope.dataset);
  const rows = candidates.find(({ horizon }) => horizon.source === 'RAW');
  if (rows === undefined || !Number.isFinite(rows.horizon.instant)) return candidates;
  const isNeeded = making.size > 0 || (await isAwaited(scope, rows.horizon.instant));
  return isNeeded ? candidates.filter((candidate) => candidate !== rows) : candidates;
}

/** The candidates that exist: a horizon moves only where something is removed. */
async function findExpired({ store }: RunContext, candidates: readonly Expired[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const candidate of candidates) {
    const oldest = await oldestOf(store, candidate);
    if (oldest !== null) found.push({ ...candidate, oldest });
  }
  return found;
}

interface Found extends Expired {
  /** The time of the oldest of them. */
  readonly oldest: number;
}

/**
 * Moves the horizons in a separate transaction, before anything is removed. However the run ends,
 * nobody relies on data that may be gone.
 */
async function moveHorizons(
  { store }: RunContext,
  scope: ScopeOfHorizons,
  expired: readonly Expired[],
): Promise<void> {
  if (expired.length === 0) return;
  const horizons = expired.map(({ horizon }) => horizon);
  await store.exclusively((transaction) => raiseHorizons(transaction, scope, horizons));
}

/**
 * Removes in batches, one transaction each, so that events are stored in between. Each transaction
 * locks out appends and the batches of other instances. So two instances that remove at the same
 * time share the work and cannot deadlock. Each value is the number that a batch removed.
 */
async function* removeAll(
  { store, batchSize = DEFAULT_BATCH_SIZE }: RunContext,
  expired: Expired,
  { dryRun = false, signal }: RunOptions,
): AsyncGenerator<number> {
  if (dryRun) {
    yield await countAll(store.query, expired);
    return;
  }
  let limit = batchSize;
  let since = await oldestOf(store, expired);
  while (since !== null && signal?.aborted !== true) {
    const batch = { functions: store.functions, since, limit };
    const removed = await store.exclusively((transaction) => removeFrom(transaction, expired, batch));
    yield removed;
    // More rows than fit into a batch may have the same time, and the first ones may have to stay.
    limit = removed === 0 ? 2 * limit : batchSize;
    since = await oldestOf(store, expired, since);
  }
}
