import { join, resolve } from 'node:path';
import {
  BOARD_FILE,
  type Coordination,
  type CoordinationProblem,
  type CoordinationStatus,
  LOG_FILE,
} from './coordination.ts';
import { type FollowedFile, followFile, type RecordFile } from './follow-file.ts';
import { createBoardRecorder } from './record-board.ts';
import { createLogRecorder } from './record-log.ts';
import type { CoordinationServices } from './recorder.ts';
import { createFolderWatch } from './watch-folder.ts';

/** The log for failures. A pino logger is one. */
export interface CoordinationLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface CoordinationOptions extends CoordinationServices {
  readonly folder: string;
  readonly log: CoordinationLog;
  /**
   * Milliseconds without a change after which a file counts as completely written. Default: 500.
   */
  readonly settleMs?: number;
  /**
   * Milliseconds between checks of the files without any event of the watcher, which misses changes
   * that closely follow another one, and on some file systems all changes. Default: 2,000.
   */
  readonly sweepMs?: number;
}

const DEFAULT_SETTLE_MS = 500;
const DEFAULT_SWEEP_MS = 2_000;

/** Follows the coordination folder for a project, once it is started. */
export function createCoordination(options: CoordinationOptions): Coordination {
  const { log, clock, settleMs = DEFAULT_SETTLE_MS, sweepMs = DEFAULT_SWEEP_MS } = options;
  const folder = resolve(options.folder);
  const onError = (err: unknown) => log.error({ err, folder }, 'The coordination folder cannot be watched');
  const follow = (name: string, record: RecordFile) =>
    followFile({ name, path: join(folder, name), record, settleMs, onError });
  const files = [
    follow(BOARD_FILE, createBoardRecorder(options)),
    follow(LOG_FILE, createLogRecorder(options)),
  ];
  // A round that fails is logged, and the next one still runs.
  const roundOrError = () =>
    round().catch((error: unknown) => {
      onError(error);
      return null;
    });
  const rounds = createRounds(roundOrError, sweepMs);
  const watch = createFolderWatch({
    folder,
    names: [BOARD_FILE, LOG_FILE],
    onChange: rounds.wake,
    onError,
  });
  let status: CoordinationStatus = { watching: false, problems: [], since: clock.now() };

  /**
   * Checks the folder and its files.
   *
   * @returns milliseconds until the next round, if it should come earlier than usual; otherwise
   *   null.
   */
  async function round(): Promise<number | null> {
    const watching = await watch.check();
    const problems: CoordinationProblem[] = [];
    let soon = false;
    for (const file of files) {
      const checked = await file.check();
      soon ||= checked.soon;
      if (checked.problem !== null) problems.push(problemOf(file, checked.problem));
    }
    update(watching, problems);
    // Slightly later, so that an unchanged file has settled by then.
    return soon ? settleMs + 5 : null;
  }

  /** A problem that persists keeps its `since`. */
  function problemOf({ name }: FollowedFile, problem: string): CoordinationProblem {
    const message = `${name} ${problem}`;
    const before = status.problems.find((one) => one.message === message);
    return before ?? { file: name, message, since: clock.now() };
  }

  function update(watching: boolean, problems: readonly CoordinationProblem[]): void {
    const isNew = problems.filter((problem) => !status.problems.includes(problem));
    for (const { message } of isNew) log.warn({ folder }, message);
    if (watching !== status.watching) {
      log.info(
        { folder },
        watching ? 'The coordination folder is being watched' : 'The coordination folder does not exist',
      );
    }
    const same =
      watching === status.watching && isNew.length === 0 && problems.length === status.problems.length;
    if (!same) status = { watching, problems, since: clock.now() };
  }

  return {
    projectId: options.projectId,
    status: () => status,
    start: () => rounds.wake(),
    async stop() {
      await rounds.stop();
      await watch.close();
    },
  };
}

/**
 * Runs rounds one after another: when woken, when a round asks for an early next one, and every
 * `sweepMs`. Its timers do not keep the process alive.
 */
function createRounds(round: () => Promise<number | null>, sweepMs: number) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | null = null;
  let woken = false;
  let stopped = false;

  async function run(): Promise<void> {
    let next: number | null = null;
    while (woken && !stopped) {
      woken = false;
      next = await round();
    }
    if (!stopped) timer = setTimeout(wake, Math.min(next ?? sweepMs, sweepMs)).unref();
  }

  function wake(): void {
    woken = true;
    if (stopped || running !== null) return;
    clearTimeout(timer);
    running = run().finally(() => {
      running = null;
      // Woken between the last round and now.
      if (woken && !stopped) wake();
    });
  }

  return {
    wake,
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
