import { type FileText, readTextFile, readVersion } from './read-file.ts';

/**
 * Records the contents of a file. `settled`: the file has not changed for a while. Returns
 * UNSETTLED if it must be called again when the file has settled; otherwise what is wrong with the
 * file, as the end of a sentence about it, or null.
 *
 * @throws errors of the database: the caller tries again.
 */
export type RecordFile = (
  file: FileText,
  settled: boolean,
) => Promise<{ readonly problem: string | null } | 'UNSETTLED'>;

/**
 * The result of checking a file. `problem`: the end of a sentence about the file; null if there is
 * none.
 */
export interface FileCheck {
  readonly problem: string | null;
  /** Check again soon: the file may still be written to. */
  readonly soon: boolean;
}

export interface FollowedFile {
  readonly name: string;
  /** Records what is new. Never throws. */
  check(): Promise<FileCheck>;
}

export interface FollowOptions {
  readonly name: string;
  readonly path: string;
  readonly record: RecordFile;
  /** Milliseconds without a change after which a file counts as completely written. */
  readonly settleMs: number;
  /** Called for failures that the file did not cause. */
  readonly onError: (error: unknown) => void;
}

/**
 * The clock of a file system moves in steps of some milliseconds. A second change within one step
 * leaves no trace, so a file that has just changed is read once more.
 */
const CLOCK_STEP_MS = 100;

/**
 * Follows one file. Each version is recorded once; a version that cannot be used is reported once
 * it has settled.
 */
export function followFile({ name, path, record, settleMs, onError }: FollowOptions): FollowedFile {
  let done: { readonly version: string | null; readonly problem: string | null } | null = null;
  let failing = false;
  let seen: { readonly version: string; readonly at: number } | null = null;

  /** Whether the file has had this version for at least `settleMs`. */
  function isSettled(version: string): boolean {
    if (seen?.version !== version) seen = { version, at: performance.now() };
    return performance.now() - seen.at >= settleMs;
  }

  function end(version: string | null, problem: string | null): FileCheck {
    done = { version, problem };
    return { problem, soon: false };
  }

  async function recordVersion(file: FileText): Promise<FileCheck> {
    const settled = isSettled(file.version);
    const result = await record(file, settled);
    if (result === 'UNSETTLED') return { problem: done?.problem ?? null, soon: true };
    if (!settled && Math.abs(Date.now() - file.changedAt) < CLOCK_STEP_MS) {
      return { problem: result.problem, soon: true };
    }
    return end(file.version, result.problem);
  }

  async function check(): Promise<FileCheck> {
    const version = await readVersion(path);
    if (done !== null && done.version === version) return { problem: done.problem, soon: false };
    const reading = await readTextFile(path);
    if (reading.kind === 'text') return recordVersion(reading);
    if (reading.kind === 'missing') return end(null, null);
    if (reading.kind === 'refused') return end(version, reading.message);
    return { problem: done?.problem ?? null, soon: true };
  }

  return {
    name,
    async check() {
      try {
        const answer = await check();
        failing = false;
        return answer;
      } catch (error) {
        // Reported once, however often it is retried.
        if (!failing) onError(error);
        failing = true;
        done = null;
        return {
          problem: 'could not be recorded: the database did not store it. It will be retried.',
          soon: false,
        };
      }
    },
  };
}
