import { InvalidArgument } from '../../../core/errors.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { type StateTransaction, toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import { type StoredTest, testKey } from './stored-test.ts';

/** The outcome of a run of a test, as it is stored. */
export interface TestResult {
  readonly status: 'PASSED' | 'FAILED' | 'ERROR';
  readonly message: string | null;
  /** JSON; null if there is none. */
  readonly difference: unknown;
  /** When the run began, in epoch milliseconds. */
  readonly ranAt: number;
}

export interface FinishedRun extends TestResult {
  readonly test: StoredTest;
}

/** A test with its newest result. */
export interface RecordedResult {
  readonly test: Entity;
  /**
   * False if a newer result was already stored and stays, or if what is tested was changed after
   * the run began.
   */
  readonly recorded: boolean;
}

/** How far the clocks of external runners may be ahead of ours. */
const MAX_AHEAD_MS = 5 * 60_000;

/**
 * The time of the run as it is stored. A time slightly ahead becomes now: otherwise it would block
 * later results.
 *
 * @throws InvalidArgument if the run lies in the future.
 */
export function checkRanAt(ranAt: number, now: number): number {
  if (ranAt >= 0 && ranAt <= now + MAX_AHEAD_MS) return Math.min(ranAt, now);
  const present = new Date(now).toISOString();
  throw new InvalidArgument(
    `ranAt must be between 1970 and now; the server's time is ${present}.`,
    'input.ranAt',
  );
}

/**
 * Whether what is tested was changed or added after the run began. A PENDING test was last stored
 * by exactly such a change. A test with another status has the result of a later run, which only
 * later runs replace.
 */
export function isOutdated({ status, updatedAt }: StoredTest, ranAt: number): boolean {
  return status === 'PENDING' && ranAt < updatedAt.getTime();
}

/**
 * Stores a result unless that of a later run is stored: results may arrive in a different order
 * than the runs.
 */
export async function recordResult(
  prisma: StateTransaction,
  context: Context,
  { test, ranAt, ...result }: FinishedRun,
): Promise<RecordedResult> {
  if (test.lastRun !== null && ranAt < test.lastRun.getTime()) return { test, recorded: false };
  const { stateChecks, clock } = context.services;
  const changes = stateChecks.toChanges(validationTests, {
    ...result,
    lastRun: new Date(ranAt),
  });
  const updated = await prisma.validationTest.update({
    where: testKey(context, test.id),
    data: toPrismaData(validationTests, {
      ...toPrismaValues(validationTests, changes),
      updatedAt: new Date(clock.now()),
    }),
  });
  return { test: updated, recorded: true };
}
