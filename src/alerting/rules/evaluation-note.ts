import { cutText } from '../../core/cut-text.ts';
import { TelltaleError } from '../../core/errors.ts';
import { MINUTE_MS } from '../../core/time/units.ts';
import { asUnavailable } from '../../storage/dialect/unavailable.ts';
import { TROUBLES } from '../../storage/errors.ts';
import type { Measurement } from './decide-group.ts';
import type { NOT_EVALUATED, RulePolicy, StoredRule } from './rule.ts';

const MAX_TEXT = 1000;
const UNEXPECTED = 'The evaluation failed unexpectedly: see the server log.';

/** What a rule shows of its last evaluation. Times are in epoch milliseconds. */
export type EvaluationNote = EvaluatedNote | FailedNote;

interface EvaluatedNote {
  readonly at: number;
  readonly failure: null;
  readonly problem: null;
  readonly groups: number;
  /**
   * Of the group that is closest to an alert, or furthest beyond; null if there was nothing to
   * measure.
   */
  readonly value: number | null;
}

interface FailedNote {
  readonly at: number;
  readonly failure: string;
  /** Null if the rule is not at fault: its next evaluation may succeed. */
  readonly problem: string | null;
}

export function evaluatedNote(
  { comparator }: Pick<RulePolicy, 'comparator'>,
  measurements: readonly Measurement[],
  at: number,
): EvaluatedNote {
  const isWorse = comparator.startsWith('G')
    ? (one: number, other: number) => one > other
    : (one: number, other: number) => one < other;
  let worst: number | null = null;
  for (const { value } of measurements) {
    if (value !== null && (worst === null || isWorse(value, worst))) worst = value;
  }
  return { at, failure: null, problem: null, groups: measurements.length, value: worst };
}

export function failedNote(error: unknown, at: number): FailedNote {
  const unavailable = asUnavailable(error);
  if (unavailable !== null) return { at, failure: TROUBLES[unavailable.trouble], problem: null };
  const text = error instanceof TelltaleError ? cutText(error.message, MAX_TEXT) : UNEXPECTED;
  return { at, failure: text, problem: text };
}

/**
 * How old a stored note gets while rules go on as before: a write for each rule and minute is the
 * most.
 */
const NOTED_EVERY_MS = MINUTE_MS;

/**
 * Whether a note is to be stored: at once when a rule begins to fail or no longer fails, else once
 * a minute. After the clock was set back, at once.
 *
 * @param noted the last one that was stored; null if none is known
 */
export function isWorthStoring(note: EvaluationNote, noted: EvaluationNote | null): boolean {
  if (noted === null || (note.failure === null) !== (noted.failure === null)) return true;
  if (note.problem !== noted.problem) return true;
  return note.at - noted.at >= NOTED_EVERY_MS || note.at < noted.at;
}

type NoteColumns = Partial<Pick<StoredRule, keyof typeof NOT_EVALUATED>>;

/**
 * A failure leaves what the last evaluation measured, and a problem if the rule is not at fault
 * now.
 */
export function noteColumns(note: EvaluationNote): NoteColumns {
  const { at, failure, problem } = note;
  if (failure !== null) return { failedAt: new Date(at), failure, ...(problem !== null && { problem }) };
  return {
    problem,
    evaluatedAt: new Date(at),
    evaluatedGroups: note.groups,
    evaluatedValue: note.value,
    failedAt: null,
    failure,
  };
}
