import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import { keepLease } from './keep-lease.ts';
import { createLease } from './lease.ts';

/** Work that is done again and again, by one instance for all. */
export interface LeasedWork {
  start(): void;
  /**
   * Ends what is being done, and lets another instance go on at once. May be called again; never
   * started is fine.
   */
  stop(): Promise<void>;
}

/**
 * Whether a turn may go on: false once the work is to stop, or another instance has it. From then
 * on nothing is to be written.
 */
export type ShouldContinue = () => Promise<boolean>;

/** Where failures go. A pino logger is one. */
export interface WorkLog {
  error(details: object, message: string): void;
}

export interface LeasedWorkOptions {
  readonly store: Pick<Store, 'transact'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly schedule: Schedule;
  readonly log: WorkLog;
  /** Which work: instances that do the same agree on it. */
  readonly name: string;
  /** So long after the end of a turn the next one begins. */
  readonly everyMs: number;
  /** One turn. `goesOn` is asked before each of its steps: a question, a transaction. */
  turn(shouldContinue: ShouldContinue): Promise<void>;
  /** Called instead while another instance does it, and at the end. */
  rest(): void;
}

/** An instance that dies is replaced after so long. */
const LEASE_MS = 30_000;
const RENEW_EVERY_MS = 10_000;

export function createLeasedWork(options: LeasedWorkOptions): LeasedWork {
  const { store, clock, ids, schedule, log, name, everyMs, turn, rest } = options;
  const lease = keepLease(
    createLease({ store, clock, name, holder: ids.next(), durationMs: LEASE_MS }),
    clock,
    RENEW_EVERY_MS,
  );
  let repetition: Repetition | null = null;
  let fails = false;

  /**
   * When nobody can say whether the lease still holds, the turn ends as if it did not, and then
   * fails: no rule is to blame for it.
   */
  async function takeTurn(signal: AbortSignal): Promise<void> {
    let shouldContinue = true;
    let failure: unknown = null;
    await turn(async () => {
      try {
        shouldContinue &&= !signal.aborted && (await lease.isHeld());
      } catch (err) {
        shouldContinue = false;
        failure = err;
      }
      return shouldContinue;
    });
    if (failure !== null) throw failure;
  }

  async function work(signal: AbortSignal): Promise<void> {
    try {
      if (await lease.isHeld()) await takeTurn(signal);
      else rest();
      fails = false;
    } catch (err) {
      // Told once: a database that is away is away at every turn.
      if (!fails) log.error({ err, work: name }, 'Alerting failed; it keeps retrying');
      fails = true;
    }
  }

  return {
    start() {
      repetition ??= schedule.repeat(everyMs, work);
    },
    async stop() {
      if (repetition === null) return;
      await repetition.stop();
      rest();
      await lease
        .release()
        .catch((err: unknown) => log.error({ err, work: name }, 'A lease was not released'));
    },
  };
}
