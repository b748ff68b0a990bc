import { type FileText, readTextFile, readVersion } from './read-file.ts';

/**
 * Takes over what a file says. `settled`: the file has been as it is for a while. Answers UNSETTLED
 * when it wants to see it settled before it judges; else what is wrong with it, as the end of a
 * sentence about the file, or null.
 *
 * @throws what the database throws: it is tried again.
 */
export type TakeOver = (
  file: FileText,
  settled: boolean,
) => Promise<{ readonly problem: string | null } | 'UNSETTLED'>;

/** How one look at a file ended. `problem`: as the end of a sentence about the file. */
export interface Look {
  readonly problem: string | null;
  /** Look again soon: the file may still be written to. */
  readonly soon: boolean;
}

export interface FollowedFile {
  readonly name: string;
  /** Takes over what is new. Never throws. */
  look(): Promise<Look>;
}

export interface FollowOptions {
  readonly name: string;
  readonly path: string;
  readonly takeOver: TakeOver;
  /** A file that has not changed for so long is not being written to. */
  readonly settleMs: number;
  /** Told of failures that are not the file's. */
  readonly onError: (error: unknown) => void;
}

/**
 * The clock of a file system moves in steps of some milliseconds: a change within the step of
 * another leaves no trace, so a file that has only just changed is read once more.
 */
const CLOCK_STEP_MS = 100;

/**
 * Follows one file: each of its versions is taken over once, a version that cannot be used once it
 * has settled.
 */
export function followFile({ name, path, takeOver, settleMs, onError }: FollowOptions): FollowedFile {
  let done: { readonly version: string | null; readonly problem: string | null } | null = null;
  let failing = false;
  let seen: { readonly version: string; readonly at: number } | null = null;

  /** Whether this version has been there for a while. */
  function isSettled(version: string): boolean {
    if (seen?.version !== version) seen = { version, at: performance.now() };
    return performance.now() - seen.at >= settleMs;
  }

  function end(version: string | null, problem: string | null): Look {
    done = { version, problem };
    return { problem, soon: false };
  }

  async function take(file: FileText): Promise<Look> {
    const settled = isSettled(file.version);
    const taken = await takeOver(file, settled);
    if (taken === 'UNSETTLED') return { problem: done?.problem ?? null, soon: true };
    if (!settled && Math.abs(Date.now() - file.changedAt) < CLOCK_STEP_MS) {
      return { problem: taken.problem, soon: true };
    }
    return end(file.version, taken.problem);
  }

  async function look(): Promise<Look> {
    const version = await readVersion(path);
    if (done !== null && done.version === version) return { problem: done.problem, soon: false };
    const reading = await readTextFile(path);
    if (reading.kind === 'text') return take(reading);
    if (reading.kind === 'missing') return end(null, null);
    if (reading.kind === 'refused') return end(version, reading.message);
    return { problem: done?.problem ?? null, soon: true };
  }

  return {
    name,
    async look() {
      try {
        const answer = await look();
        failing = false;
        return answer;
      } catch (error) {
        // Once, however often it is tried.
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
