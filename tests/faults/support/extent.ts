import type { TestContext } from 'vitest';
import { note } from './note.ts';

/**
 * The extent of fault tests: short together with all other tests, and long in
 * `npm run test:faults`, which sets FAULTS=long. FAULTS_SEED repeats the moments and the events of
 * a run.
 */
export const isLong = process.env['FAULTS'] === 'long';

export const SEED = Number(process.env['FAULTS_SEED'] || (isLong ? Date.now() % 1_000_000 : 1));

/** The end of the time for the run, in epoch milliseconds. */
const RUN_ENDS = Number(process.env['FAULTS_UNTIL'] || Number.POSITIVE_INFINITY);
/** A case starts no more rounds after this time. */
const CASE_MS = isLong ? 180_000 : Number.POSITIVE_INFINITY;
/**
 * The time for one round, and for the comparison at the end, on a busy machine. Anything that takes
 * longer hangs.
 */
const ROUND_MS = 300_000;

/** The timeout of one of these tests. */
export const TIMEOUT_MS = isLong ? CASE_MS + ROUND_MS : 120_000;

/** The number of rounds in the short and in the long form. */
export const rounds = (short: number, long: number): number => (isLong ? long : short);

/**
 * The rounds of a case, at least one, while there is time. A busy machine does fewer of them, and
 * reports that. `ROUNDS` is their number, or what each is about.
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

/** The numbers of the rounds, from 0 up to this many. */
export const numbered = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index);

/**
 * For `beforeEach` of all these files: reports when a case begins and how it ended, or skips it if
 * the time is over.
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
