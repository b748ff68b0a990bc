import { InvalidArgument } from '../../../core/errors.ts';
import { validationTests } from '../../../declarations/catalog/validation-tests.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { type StateTransaction, toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import { type StoredTest, testKey } from './stored-test.ts';

/** How a run of a test went. */
export interface TestResult {
  readonly status: 'PASSED' | 'FAILED' | 'ERROR';
  readonly message: string | null;
  /** JSON; null: nothing to say. */
  readonly difference: unknown;
  /** When it ran, epoch milliseconds. */
  readonly ranAt: number;
}

/** A test with its newest result. */
export interface RecordedResult {
  readonly test: Entity;
  /**
   * False: there was a newer result already, which stays; or what is tested was changed after the
   * run had begun.
   */
  readonly recorded: boolean;
}

/** Clocks of those who run tests may be ahead of ours by so much. */
const MAX_AHEAD_MS = 5 * 60_000;

/**
 * When the run was, as it is stored: now, where the clock of whoever ran it is a little ahead. A
 * time ahead would shut out later results.
 *
 * @throws InvalidArgument when the run lies in the future.
 */
export function checkRanAt(ranAt: number, now: number): number {
  if (ranAt >= 0 && ranAt <= now + MAX_AHEAD_MS) return Math.min(ranAt, now);
  const present = new Date(now).toISOString();
  throw new InvalidArgument(`ranAt must be between 1970 and now, which is ${present} here.`, 'input.ranAt');
}

/**
 * Whether what is tested was changed, or came to be, after the run had begun: a pending test was
 * stored last by just that. One that is not pending has a result of a run since then, and only
 * later ones take its place.
 */
export function isOutdated({ status, updatedAt }: StoredTest, ranAt: number): boolean {
  return status === 'PENDING' && ranAt < updatedAt.getTime();
}

/**
 * Stores a result, unless one of a later run is there: results may arrive in another order than the
 * runs.
 */
export async function recordResult(
  prisma: StateTransaction,
  context: Context,
  test: StoredTest,
  { ranAt, ...result }: TestResult,
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
