import { join, resolve } from 'node:path';
import {
  BOARD_FILE,
  type Coordination,
  type CoordinationProblem,
  type CoordinationStatus,
  LOG_FILE,
} from './coordination.ts';
import { type FollowedFile, followFile, type TakeOver } from './follow-file.ts';
import type { CoordinationServices } from './recorder.ts';
import { createBoardTaker } from './take-board.ts';
import { createLogTaker } from './take-log.ts';
import { createFolderWatch } from './watch-folder.ts';

/** Where failures go. A pino logger is one. */
export interface CoordinationLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface CoordinationOptions extends CoordinationServices {
  readonly folder: string;
  readonly log: CoordinationLog;
  /** A file that has not changed for so long is not being written to. Default: 500. */
  readonly settleMs?: number;
  /**
   * The files are looked at so often even when the watcher tells nothing: it misses what follows
   * right behind another change, and on some file systems all. Default: 2,000.
   */
  readonly sweepMs?: number;
}

const DEFAULT_SETTLE_MS = 500;
const DEFAULT_SWEEP_MS = 2_000;

/** Follows the coordination folder for a project, once it is started. */
export function createCoordination(options: CoordinationOptions): Coordination {
  const { log, clock, settleMs = DEFAULT_SETTLE_MS, sweepMs = DEFAULT_SWEEP_MS } = options;
  const folder = resolve(options.folder);
  const onError = (err: unknown) => log.error({ err, folder }, 'The coordination folder cannot be followed');
  const follow = (name: string, takeOver: TakeOver) =>
    followFile({ name, path: join(folder, name), takeOver, settleMs, onError });
  const files = [follow(BOARD_FILE, createBoardTaker(options)), follow(LOG_FILE, createLogTaker(options))];
  // A round that fails is told of, and the next one comes.
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

  /** One look at everything. Answers when the next one is due, if earlier than usual. */
  async function round(): Promise<number | null> {
    const watching = await watch.check();
    const problems: CoordinationProblem[] = [];
    let soon = false;
    for (const file of files) {
      const look = await file.look();
      soon ||= look.soon;
      if (look.problem !== null) problems.push(problemOf(file, look.problem));
    }
    update(watching, problems);
    // A little later, so that what has not changed has settled by then.
    return soon ? settleMs + 5 : null;
  }

  /** A problem that stays keeps its time. */
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
        watching ? 'The coordination folder is followed' : 'There is no coordination folder',
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
 * Runs rounds one after another: when woken, when a round wants the next one soon, and every
 * `sweepMs`. Its timers keep no process alive.
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
