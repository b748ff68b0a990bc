import { CLOCK_SKEW_MS, type Clock } from '../core/clock.ts';
import type { IdSource } from '../core/ids.ts';
import { isObject } from '../core/is-object.ts';
import { messageOf } from '../core/thrown.ts';
import { HOUR_MS, MINUTE_MS } from '../core/time/units.ts';
import { damagedValue } from '../storage/errors.ts';
import type { Store } from '../storage/store.ts';
import { nameIn } from '../storage/stored-values.ts';
import type { Removal } from './run.ts';

const STARTERS = { SERVER: true, COMMAND: true } as const;
/** Who started a run: a server does so every hour. */
export type StartedBy = keyof typeof STARTERS;

const STATUSES = { RUNNING: true, DONE: true, STOPPED: true, FAILED: true, INTERRUPTED: true } as const;
/**
 * How a run ended. `INTERRUPTED`: it no longer reports anything, because its process was killed.
 */
export type RunStatus = keyof typeof STATUSES;

/** What was removed of a dataset or of a kind of states. */
export type Removed = Pick<Removal, 'dataset' | 'rows' | 'cells' | 'archived'>;

/** What one run of retention did. */
export interface RetentionRun {
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly startedBy: StartedBy;
  readonly status: RunStatus;
  /** One entry for each dataset and kind of states from which something was removed. */
  readonly removed: readonly Removed[];
  readonly error: string | null;
}

/** The runs of retention, on all instances. */
export interface RetentionRuns {
  /** Notes that a run begins, its progress, and how it ended. */
  note(startedBy: StartedBy, work: NotedWork): Promise<readonly Removal[]>;
  /** The newest runs, the newest first. */
  newest(count: number): Promise<readonly RetentionRun[]>;
  /**
   * When a server will run it next, in epoch milliseconds; null while one is running it, or if none
   * ever did.
   */
  next(): Promise<number | null>;
}

/** Calls `progress` with what was removed so far, as often as it likes. */
type NotedWork = (progress: (removals: readonly Removal[]) => Promise<void>) => Promise<{
  readonly removals: readonly Removal[];
  readonly isStopped: boolean;
}>;

export interface RetentionRunsOptions {
  readonly store: Pick<Store, 'prisma'>;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/**
 * Policies count days, so an hour does not matter; a changed policy takes effect within an hour.
 */
export const RUN_EVERY_MS = HOUR_MS;
/** How often the progress of a run is noted. */
const NOTE_EVERY_MS = 10_000;
/** A run that has noted nothing for this long was killed. */
const SILENT_MS = 10 * MINUTE_MS + CLOCK_SKEW_MS;
/** How many runs are kept: about three weeks of one server. */
export const KEPT_RUNS = 500;

export function createRetentionRuns({ store, clock, ids }: RetentionRunsOptions): RetentionRuns {
  const { retentionRun } = store.prisma;
  const now = () => new Date(clock.now());

  async function prune(): Promise<void> {
    const [oldestKept] = await retentionRun.findMany({ ...newestFirst(), skip: KEPT_RUNS - 1, take: 1 });
    if (oldestKept !== undefined)
      await retentionRun.deleteMany({ where: { startedAt: { lt: oldestKept.startedAt } } });
  }

  async function begin(startedBy: StartedBy): Promise<string> {
    const id = ids.next();
    const startedAt = now();
    await retentionRun.create({
      data: { id, startedAt, notedAt: startedAt, startedBy, status: 'RUNNING', removed: [] },
    });
    return id;
  }

  async function end(
    id: string,
    how: { readonly status: RunStatus; readonly error?: string; readonly removed?: object[] },
  ) {
    await retentionRun.update({ where: { id }, data: { ...how, endedAt: now(), notedAt: now() } });
  }

  return {
    async note(startedBy, work) {
      const id = await begin(startedBy);
      let notedAt = clock.now();
      try {
        const { removals, isStopped } = await work(async (soFar) => {
          if (Math.abs(clock.now() - notedAt) < NOTE_EVERY_MS) return;
          notedAt = clock.now();
          await retentionRun.update({ where: { id }, data: { notedAt: now(), removed: toStored(soFar) } });
        });
        await end(id, { status: isStopped ? 'STOPPED' : 'DONE', removed: toStored(removals) });
        await prune();
        return removals;
      } catch (error) {
        // The database itself may have failed. Then the first error says more than the failure to
        // note it.
        await end(id, { status: 'FAILED', error: messageOf(error) }).catch(() => undefined);
        throw error;
      }
    },

    async newest(count) {
      const rows = await retentionRun.findMany({ ...newestFirst(), take: count });
      return rows.map((row) => ({
        ...row,
        startedBy: nameIn(STARTERS, row.startedBy),
        status: statusOf(row, clock.now()),
        removed: removedIn(row.removed),
      }));
    },

    async next() {
      const last = await retentionRun.findFirst({
        where: { startedBy: 'SERVER' },
        orderBy: { startedAt: 'desc' },
      });
      if (last === null || statusOf(last, clock.now()) === 'RUNNING') return null;
      return (last.endedAt ?? last.notedAt).getTime() + RUN_EVERY_MS;
    },
  };
}

const newestFirst = () => ({ orderBy: [{ startedAt: 'desc' as const }, { id: 'desc' as const }] });

const toStored = (removals: readonly Removal[]) =>
  removals
    .filter(({ rows, cells }) => rows + cells > 0)
    .map(({ dataset, rows, cells, archived }) => ({ dataset, rows, cells, archived }));

function statusOf(
  { status, notedAt }: { readonly status: string; readonly notedAt: Date },
  now: number,
): RunStatus {
  return status === 'RUNNING' && now - notedAt.getTime() > SILENT_MS
    ? 'INTERRUPTED'
    : nameIn(STATUSES, status);
}

/** @throws StorageUnavailable if the value has another form */
function removedIn(value: unknown): readonly Removed[] {
  if (Array.isArray(value) && value.every(isRemoved)) return value;
  throw damagedValue('a list of what was removed', value);
}

const isRemoved = (value: unknown): value is Removed =>
  isObject(value) && typeof value['dataset'] === 'string';
