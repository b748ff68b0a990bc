import type { Dataset } from '../../../core/dataset/dataset.ts';
import { codeOf } from '../../../core/thrown.ts';
import { UsageError } from '../../import/options.ts';
import type { Target } from '../../import/target.ts';
import type { Progress as Bar } from '../../progress.ts';
import { findSessionFiles, markOf, type SessionFile } from './files.ts';
import { createOutgoing, type DatasetTally, type Outgoing } from './outgoing.ts';
import type { FileProgress, Progress, ProgressStore } from './progress-store.ts';
import { type FilePart, type FoundEvent, findProgress, isDone, readFileParts } from './read-file.ts';
import { type FindTags, isUnder } from './repositories.ts';
import type { LogOptions, SessionLog } from './session-log.ts';

/** What to collect, and where to send it. */
export interface SessionJob<State> {
  readonly log: SessionLog<State>;
  readonly folders: readonly string[];
  readonly options: LogOptions;
  readonly choice: Choice;
  readonly findTags: FindTags;
  readonly target: Pick<Target, 'send'>;
  readonly datasets: readonly Dataset[];
  readonly store: ProgressStore;
  readonly bar: Bar;
  /** The time, in milliseconds since 1970. */
  readonly now: () => number;
  /** Reports something that the user should know at once. */
  readonly report: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Which events are sent. */
export interface Choice {
  /** Only events from this time on, in milliseconds since 1970; null: all. */
  readonly since: number | null;
  /** Only events of sessions in or below this folder; null: all. */
  readonly under: string | null;
  /** Leaves out these datasets. */
  readonly skip: ReadonlySet<string>;
}

/** A kind of line that could not be read, and where the first one is. */
export interface Problem {
  readonly problem: string;
  readonly lines: number;
  readonly first: string;
}

/** The result of a collection. */
export interface SessionsResult {
  /** Files with something new. */
  readonly files: number;
  readonly lines: number;
  readonly datasets: Readonly<Record<string, DatasetTally>>;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  readonly firstRejected: readonly string[];
  readonly problems: readonly Problem[];
  /** Files whose content was replaced. They were read from the beginning. */
  readonly replaced: number;
  /** Files whose last lines wait for the lines that follow them. */
  readonly waiting: number;
  /** Events that the options exclude. */
  readonly leftOut: number;
}

const EVENTS_PER_FLUSH = 1_000;
const SAVE_EVERY_MS = 5_000;
const MAX_PROBLEMS = 50;

/** Records what is new in all files. Stored events stay stored, whatever happens afterwards. */
export async function collectSessions<State>(
  job: SessionJob<State>,
  progress: Progress,
): Promise<SessionsResult> {
  const files = await findSessionFiles(job.log, job.folders);
  const fresh = files.filter((file) => !isDone(file, progress.files.get(file.path)));
  const round = createRound(job, progress, fresh);
  for (const file of fresh) {
    if (job.signal?.aborted) break;
    await unlessRemoved(() => round.read(file));
  }
  await round.commit();
  const present = new Set(files.map(({ path }) => path));
  for (const path of progress.files.keys()) if (!present.has(path)) progress.files.delete(path);
  if (fresh.length > 0) await round.save();
  job.bar.finish();
  return round.result();
}

/** Sessions may be removed at any time. */
async function unlessRemoved(read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
  }
}

function createRound<State>(job: SessionJob<State>, progress: Progress, fresh: readonly SessionFile[]) {
  const outgoing = createOutgoing(job.target, job.datasets, job.now);
  const tally = createTally();
  /** What was read, and will be known to be stored after the next flush. */
  const staged = new Map<string, FilePart['progress']>();
  const total = fresh.reduce((sum, file) => sum + file.size - startOf(progress.files.get(file.path)), 0);
  let doneBytes = 0;
  let savedAt = job.now();

  async function commit(): Promise<void> {
    await outgoing.flush();
    for (const [path, part] of staged) {
      await unlessRemoved(async () => {
        progress.files.set(path, { ...part, mark: await markOf(path, part.position) });
      });
    }
    staged.clear();
    progress.witness = outgoing.witness ?? progress.witness;
    if (job.now() - savedAt >= SAVE_EVERY_MS) await save();
  }

  async function save(): Promise<void> {
    savedAt = job.now();
    try {
      await job.store.save(progress);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      job.report(`${error.message} The next run reads all files again, and stores nothing twice.`);
    }
  }

  async function read(file: SessionFile): Promise<void> {
    const saved = progress.files.get(file.path);
    const from = await findProgress(file, saved);
    tally.begin(saved !== undefined && from === null);
    let before = startOf(from);
    let waits = false;
    for await (const part of readFileParts({ ...job, file, from, now: job.now() })) {
      await addEvents(job, part.events, { outgoing, leaveOut: tally.leaveOut });
      tally.add(file.path, part);
      staged.set(file.path, part.progress);
      waits = part.progress.waits;
      doneBytes += part.progress.position - before;
      before = part.progress.position;
      if (outgoing.waiting >= EVENTS_PER_FLUSH) await commit();
      job.bar.update(Math.min(1, doneBytes / Math.max(1, total)), tally.describe());
      if (job.signal?.aborted) return;
    }
    tally.end(waits);
  }

  return { read, commit, save, result: () => tally.result(outgoing) };
}

const startOf = (saved: FileProgress | null | undefined): number => saved?.position ?? 0;

async function addEvents<State>(
  { choice, findTags }: SessionJob<State>,
  events: readonly FoundEvent[],
  { outgoing, leaveOut }: { readonly outgoing: Outgoing; readonly leaveOut: () => void },
): Promise<void> {
  for (const { dataset, event, workspace } of events) {
    const isEarly = choice.since !== null && Date.parse(String(event['timestamp'])) < choice.since;
    const isElsewhere = choice.under !== null && !isUnder(workspace, choice.under);
    if (isEarly || isElsewhere || choice.skip.has(dataset)) leaveOut();
    else outgoing.add(dataset, { ...event, tags: await findTags(workspace) });
  }
}

function createTally() {
  let [files, lines, replaced, waiting, leftOut] = [0, 0, 0, 0, 0];
  const problems = new Map<string, { lines: number; first: string }>();
  return {
    begin(isReplaced: boolean) {
      files++;
      if (isReplaced) replaced++;
    },
    add(path: string, part: FilePart) {
      lines += part.lines;
      for (const { kind, line } of part.problems) {
        const name = problems.has(kind) || problems.size < MAX_PROBLEMS ? kind : 'other problems';
        const known = problems.get(name) ?? { lines: 0, first: `${path}, line ${line}` };
        known.lines++;
        problems.set(name, known);
      }
    },
    end(waits: boolean) {
      if (waits) waiting++;
    },
    leaveOut() {
      leftOut++;
    },
    describe: () => `${files.toLocaleString('en')} files, ${lines.toLocaleString('en')} lines`,
    result(outgoing: Outgoing): SessionsResult {
      const sum = (name: keyof DatasetTally) =>
        [...outgoing.tallies.values()].reduce((total, tally) => total + tally[name], 0);
      return {
        files,
        lines,
        datasets: Object.fromEntries(outgoing.tallies),
        accepted: sum('accepted'),
        duplicates: sum('duplicates'),
        rejected: sum('rejected'),
        firstRejected: outgoing.firstRejected,
        problems: [...problems].map(([problem, known]) => ({ problem, ...known })),
        replaced,
        waiting,
        leftOut,
      };
    },
  };
}
