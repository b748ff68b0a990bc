import type { Clock } from '../../core/clock.ts';
import type { IdSource } from '../../core/ids.ts';
import type { Repetition, Schedule } from '../../runtime/schedule.ts';
import type { Store } from '../../storage/store.ts';
import { openLease } from './open-lease.ts';

/** Work that is repeated, by one instance for all. */
export interface LeasedWork {
  start(): void;
  /**
   * Ends the current turn, and lets another instance continue at once. May be called repeatedly,
   * and without `start`.
   */
  stop(): Promise<void>;
}

/**
 * Whether a turn may continue: false once the work is stopped or another instance has it. From then
 * on the turn must write nothing.
 */
export type ShouldContinue = () => Promise<boolean>;

/** Receives failures. A pino logger fits. */
export interface WorkLog {
  error(details: object, message: string): void;
}

export interface LeasedWorkOptions {
  readonly store: Pick<Store, 'transact' | 'dialect'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly schedule: Schedule;
  readonly log: WorkLog;
  /** The name of the work, the same on all instances that share it. */
  readonly name: string;
  /** Milliseconds from the end of a turn to the start of the next. */
  readonly everyMs: number;
  /** Takes one turn. It calls `shouldContinue` before each of its steps: a query, a transaction. */
  turn(shouldContinue: ShouldContinue): Promise<void>;
  /**
   * Called instead of `turn` while another instance does the work, and when the work is stopped.
   */
  rest(): void;
}

export function createLeasedWork(options: LeasedWorkOptions): LeasedWork {
  const { schedule, log, name, everyMs, turn, rest } = options;
  const lease = openLease(options, name);
  let repetition: Repetition | null = null;
  let fails = false;

  /**
   * If the database cannot say whether the lease still holds, the turn ends as if it did not, and
   * then fails. No rule is at fault.
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
      // Logged once: while the database is unavailable, every turn fails.
      if (!fails) log.error({ err, work: name }, 'Alerting failed; it will be retried');
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
