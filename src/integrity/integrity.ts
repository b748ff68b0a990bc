import type { Columns } from '../columns/columns.ts';
import type { Clock } from '../core/clock.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import type { StateTable } from '../core/dataset/state.ts';
import type { CheckName } from '../core/integrity-checks.ts';
import { messageOf } from '../core/thrown.ts';
import { asUnavailable } from '../storage/dialect/unavailable.ts';
import type { Store } from '../storage/store.ts';
import { checkColumns } from './check-columns.ts';
import { checkDatabase } from './check-database.ts';
import { checkOrphans } from './check-orphans.ts';
import { checkRollups } from './check-rollups.ts';
import { checkValues } from './check-values.ts';
import type { Check, CheckContext } from './context.ts';
import { type CheckReport, type Finding, type IntegrityReport, MAX_FINDINGS, type Mode } from './report.ts';

/** Checks that the stored data is whole, and that what was derived from it agrees with it. */
export interface Integrity {
  /**
   * Runs the checks one after another. Only reads; events may be recorded meanwhile. On SQLite a
   * separate thread does the reading.
   *
   * @throws the reason of the signal, soon after it aborts
   */
  check(options: IntegrityOptions): Promise<IntegrityReport>;
}

export interface IntegrityOptions {
  readonly mode: Mode;
  /** Default: all. */
  readonly only?: readonly CheckName[];
  readonly signal?: AbortSignal;
  /** Called with what was just checked, and how much of everything is done, from 0 to 1. */
  onProgress?(done: number, what: string): void;
}

export interface IntegrityParts {
  readonly store: Pick<Store, 'query' | 'functions' | 'upkeep' | 'reading' | 'exclusively'>;
  readonly datasets: readonly Dataset[];
  readonly states: readonly StateTable[];
  /** The columnar copy; otherwise a sentence that says why there is none to check. */
  readonly columns: Columns | string;
  readonly retentionDays: number | null;
  readonly clock: Clock;
}

const CHECKS_IN_ORDER: readonly (readonly [CheckName, Check])[] = [
  ['DATABASE', checkDatabase],
  ['ORPHANS', checkOrphans],
  ['VALUES', checkValues],
  ['ROLLUPS', checkRollups],
  ['COLUMNS', checkColumns],
];

export function createIntegrity({ store, clock, ...parts }: IntegrityParts): Integrity {
  return {
    check({ mode, only, signal, onProgress }) {
      const startedAt = clock.now();
      const wanted = CHECKS_IN_ORDER.filter(([name]) => only?.includes(name) ?? true);
      const context = { ...parts, store, mode, now: startedAt };
      const scope = { kind: 'APART', meter: null, ...(signal && { signal }) } as const;
      return store.reading(scope, async () => {
        const checks: CheckReport[] = [];
        for (const [index, [name, check]] of wanted.entries()) {
          const progress = (done: number, what: string) => {
            signal?.throwIfAborted();
            onProgress?.((index + done) / wanted.length, what);
          };
          checks.push(await runCheck(name, check, { context, progress }));
        }
        return { mode, startedAt, checks };
      });
    },
  };
}

interface CheckRun {
  readonly context: CheckContext;
  progress(done: number, what: string): void;
}

async function runCheck(
  check: CheckName,
  steps: Check,
  { context, progress }: CheckRun,
): Promise<CheckReport> {
  const begun = performance.now();
  const findings: Finding[] = [];
  const unchecked: string[] = [];
  let looked = 0;
  let found = 0;
  try {
    for await (const step of steps(context)) {
      looked += step.looked;
      found += step.findings?.length ?? 0;
      findings.push(...(step.findings ?? []).slice(0, MAX_FINDINGS - findings.length));
      if (step.unchecked && !unchecked.includes(step.unchecked)) unchecked.push(step.unchecked);
      progress(step.done, step.what);
    }
  } catch (error) {
    // Damage ends this check, but not the others: they show what else is affected.
    if (asUnavailable(error)?.trouble !== 'DAMAGED') throw error;
    found++;
    findings.push(cannotRead(check, error));
  }
  return { check, looked, findings, found, unchecked, durationMs: Math.round(performance.now() - begun) };
}

function cannotRead(check: CheckName, error: unknown): Finding {
  return {
    ...{ check, subject: 'database', projectId: null, count: 1 },
    problem: `The check stopped early, because something that it read is damaged: ${messageOf(error)}`,
    advice: 'See the result of the check DATABASE, and run this check again once that is repaired.',
  };
}
