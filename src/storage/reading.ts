import { AsyncLocalStorage } from 'node:async_hooks';
import { TelltaleError } from '../core/errors.ts';
import type { Holding } from '../core/held-bytes.ts';
import type { ReadTarget, ReplicaUse } from './replica.ts';

/**
 * On whose behalf statements run, and what may stop them. It applies to reads; a write that has
 * begun is never stopped.
 */
export interface ReadScope {
  /**
   * Stops reads when it aborts: those that run, those that wait for their turn, and later ones.
   * They reject with its reason.
   */
  readonly signal: AbortSignal | null;
  /** Counts what is read. */
  readonly meter: ReadMeter | null;
  /**
   * `SHORT`: seeks by an index. `LONG`: reads many rows, such as an analysis of events; few of them
   * run at a time. `PROBE`: asks whether the database answers, on a separate connection. `APART`:
   * reads much of the database to check or to measure it; on SQLite on a separate thread, so that
   * nobody waits.
   */
  readonly kind: 'SHORT' | 'LONG' | 'PROBE' | 'APART';
  /** Projects take turns with their long reads. */
  readonly projectId: string | null;
  /** Set if a replica may answer `Store.readEvents`. */
  readonly replica: ReplicaUse | null;
  /**
   * Where such work reads. Null outside of such work, and if no replica may answer: then the
   * primary is read.
   */
  readonly target: ReadTarget | null;
}

/** Outside of any scope. */
export const UNLIMITED: ReadScope = {
  ...{ signal: null, meter: null, kind: 'SHORT', projectId: null },
  ...{ replica: null, target: null },
};

/** The scope of the work that runs now, and of everything that it awaits. */
export interface ReadScopes {
  /** Runs work in the current scope with changes. */
  run<Value>(changes: Partial<ReadScope>, work: () => Value): Value;
  /** The scope of the caller. Reads outside of any scope are not limited. */
  current(): ReadScope;
  /** Whether work in a scope is in progress that is more than a probe: usually a client's query. */
  isReading(): boolean;
  /** @throws TelltaleError QUERY_TOO_COMPLEX beyond the limits of the scope. */
  count(used: Partial<OperationLimits>): void;
  /**
   * Ends all scopes. Without this, each promise of the process would cost a little more for ever.
   */
  close(): void;
}

export function createReadScopes(): ReadScopes {
  const scopes = new AsyncLocalStorage<ReadScope>();
  const current = () => scopes.getStore() ?? UNLIMITED;
  const count: ReadScopes['count'] = (used) => {
    const { signal, meter } = current();
    signal?.throwIfAborted();
    meter?.count(used);
  };
  let underWay = 0;
  function run<Value>(changes: Partial<ReadScope>, work: () => Value): Value {
    const scope = within(current(), changes);
    const result = scopes.run(scope, work);
    if (scope.kind === 'PROBE' || !(result instanceof Promise)) return result;
    underWay++;
    const end = () => void underWay--;
    result.then(end, end);
    return result;
  }
  return { current, count, run, isReading: () => underWay > 0, close: () => scopes.disable() };
}

/**
 * The scope with changes. It does not read the signal, which may not exist until somebody reads it.
 */
function within(outer: ReadScope, changes: Partial<ReadScope>): ReadScope {
  const { meter = outer.meter, kind = outer.kind, projectId = outer.projectId } = changes;
  const { replica = outer.replica, target = outer.target } = changes;
  return {
    get signal() {
      return changes.signal === undefined ? outer.signal : changes.signal;
    },
    meter,
    kind,
    projectId,
    replica,
    target,
  };
}

/** How much the statements of one operation may return together. */
export interface ReadLimits {
  readonly rows: number;
  readonly bytes: number;
}

/** `cells`: the totals that an analysis holds, one per bucket, group and measure. */
export interface OperationLimits extends ReadLimits {
  readonly cells: number;
}

/** Counts what one operation reads and holds. */
export interface ReadMeter {
  /** The rows that were read so far. */
  readonly rowsRead: number;
  /** How much may still be read. */
  left(): ReadLimits;
  /**
   * @throws TelltaleError QUERY_TOO_COMPLEX if that is more than is left; OVERLOADED if all
   *   operations together hold too much.
   */
  count(read: Partial<OperationLimits>): void;
  /** What the operation has of the bytes of all. Null: it does not count with others. */
  readonly holding: Holding | null;
  /** Gives that back. Nothing counts afterwards. */
  close(): void;
}

export interface ReadMeterOptions {
  /** Called with the error, to stop everything else that the operation reads. */
  readonly onTooMuch?: (error: TelltaleError) => void;
  /** Default: what it reads does not count with others. */
  readonly holding?: Holding | null;
}

export function createReadMeter(limits: OperationLimits, options: ReadMeterOptions = {}): ReadMeter {
  const { onTooMuch, holding = null } = options;
  let { rows, bytes, cells } = limits;
  let isClosed = false;

  function hold(more: number): TelltaleError | null {
    if (isClosed || holding === null || more === 0) return null;
    return holding.hold(more) ? null : tooMuchAtOnce(holding.limit);
  }

  function use(read: Partial<OperationLimits>): TelltaleError | null {
    rows -= read.rows ?? 0;
    bytes -= read.bytes ?? 0;
    cells -= read.cells ?? 0;
    const unit = rows < 0 ? 'rows' : bytes < 0 ? 'bytes' : cells < 0 ? 'cells' : null;
    return unit === null ? hold(read.bytes ?? 0) : tooMuch(unit, limits[unit]);
  }

  return {
    holding,
    get rowsRead() {
      return limits.rows - rows;
    },
    left: () => ({ rows: Math.max(rows, 0), bytes: Math.max(bytes, 0) }),
    count(read) {
      const error = use(read);
      if (error === null) return;
      onTooMuch?.(error);
      throw error;
    },
    close() {
      isClosed = true;
      holding?.close();
    },
  };
}

/**
 * The meter for what work reads while it has the only turn of something. It counts, and waits for
 * no room: who holds what it would wait for may wait for that turn.
 */
export function withoutWaiting(meter: ReadMeter | null): ReadMeter | null {
  return (
    meter && {
      ...meter,
      get rowsRead() {
        return meter.rowsRead;
      },
      holding: null,
    }
  );
}

const RETRY_AFTER_MS = 1_000;
const VARIABLES = { rows: 'MAX_READ_ROWS', bytes: 'MAX_READ_BYTES', cells: 'MAX_READ_CELLS' } as const;

function tooMuch(unit: keyof OperationLimits, limit: number): TelltaleError {
  return new TelltaleError(
    'QUERY_TOO_COMPLEX',
    `The query reads more than ${limit} ${unit} (${VARIABLES[unit]}). Ask for a smaller \`first\`, ` +
      'fewer fields, fewer groups, a shorter range or a coarser grain.',
    { unit, limit },
  );
}

function tooMuchAtOnce(limit: number): TelltaleError {
  return new TelltaleError(
    'OVERLOADED',
    `The queries that run now hold more than ${limit} bytes together (MAX_RUNNING_BYTES). Try ` +
      'again in a moment, or ask for fewer rows or columns.',
    { retryAfterMs: RETRY_AFTER_MS },
  );
}
