import type { TestContext } from 'vitest';
import { note } from './note.ts';

/**
 * How far fault tests go: briefly with all other tests, and at length by `npm run test:faults`,
 * which sets FAULTS=long. FAULTS_SEED repeats the moments and the events of a run.
 */
export const isLong = process.env['FAULTS'] === 'long';

export const SEED = Number(process.env['FAULTS_SEED'] || (isLong ? Date.now() % 1_000_000 : 1));

/** When the run has no more time, in epoch milliseconds. */
const RUN_ENDS = Number(process.env['FAULTS_UNTIL'] || Number.POSITIVE_INFINITY);
/** A case starts no more rounds after this time. */
const CASE_MS = isLong ? 180_000 : Number.POSITIVE_INFINITY;
/**
 * What one round, and the comparison at the end, may take on a busy machine. What takes longer
 * hangs.
 */
const ROUND_MS = 300_000;

/** How long one of these tests may take. */
export const TIMEOUT_MS = isLong ? CASE_MS + ROUND_MS : 120_000;

/** The number of rounds in the short and in the long form. */
export const rounds = (short: number, long: number): number => (isLong ? long : short);

/**
 * The rounds of a case, one at least, as long as there is time: a busy machine does fewer of them,
 * and that is said. `ROUNDS` are how many, or what each is about.
 */
export function* whileThereIsTime<Round>(all: readonly Round[]): Generator<Round> {
  const startedAt = Date.now();
  for (const [index, round] of all.entries()) {
    const now = Date.now();
    if (index > 0 && now > Math.min(startedAt + CASE_MS, RUN_ENDS)) {
      note(`  not reached: ${all.length - index} of ${all.length} rounds`);
      return;
    }
    yield round;
    note(`  round ${index + 1} of ${all.length} took ${seconds(Date.now() - now)}`);
  }
}

/** The numbers of this many rounds. */
export const numbered = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);

/**
 * For `beforeEach` of all these files: says that a case begins and how it ended, or skips it
 * without time.
 */
export function announceCase({ task, skip, onTestFinished }: TestContext): void {
  const startedAt = Date.now();
  const name = `${task.file.name}: ${task.suite?.name ?? ''} > ${task.name}`;
  if (startedAt > RUN_ENDS) {
    note(`not reached: ${name}`);
    skip('the run has no more time');
  }
  note(`begins: ${name}`);
  onTestFinished(() => note(`  ${task.result?.state ?? 'ended'} after ${seconds(Date.now() - startedAt)}`));
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1_000).toFixed(1)} s`;
