import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf } from '../core/thrown.ts';
import { asUnavailable } from '../storage/dialect/unavailable.ts';
import { yieldProcessor } from '../storage/yield-processor.ts';
import { type Copy, openCopy } from './copy.ts';
import { isDamaged } from './copy-file.ts';
import { removeCopy } from './copy-path.ts';
import { keepCopy } from './kept-copy.ts';
import { openRows } from './open-rows.ts';
import { createPace, type Others } from './pace.ts';
import type { CopyRequest, CopySettings, CopyThreadData, FromThread, ToThread } from './protocol.ts';
import { createQuestions } from './questions.ts';

/**
 * The code of the thread that owns the copy. DuckDB works on threads of its own, so this thread can
 * receive messages while a statement runs.
 */

/** How often the copy polls for new rows. A question does not wait for that. */
const FEED_EVERY_MS = 1_000;
/**
 * The same while many rows are arriving: within a second, more could arrive than a question waits
 * for.
 */
const FEED_SOON_MS = 250;
const MANY_ROWS = 1_024;
/** How often the copy retries while the database of rows cannot be reached. */
const RETRY_INTERVAL_MS = 5_000;
/** How often rows that retention has removed are removed here. */
const TIDY_EVERY_MS = 10 * 60_000;

/** An event loop that replies later than this is busy. */
const LATE_MS = 20;

yieldProcessor('BACKGROUND');
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');
const { file, databaseUrl, datasets, settings }: CopyThreadData = workerData;
const send = (message: FromThread): void => port.postMessage(message);
const onProblem = (problem: string): void => send({ problem });

const pace = createPace({ others });
const kept = keepCopy(settings, open);
const questions = createQuestions(kept.using);
let isClosing = false;
/** Whether the thread ends because of an error. */
let hasFailed = false;
/** Settles when the copy is closed. */
let closed: Promise<void> | null = null;
let timer: NodeJS.Timeout | undefined;
let tidied = performance.now();
/** Whether the last attempt could not reach the database of rows. */
let isAway = false;
let answerBusy: (isReading: boolean) => void = () => {};

/** A failure ends the thread. */
async function open(settings: CopySettings): Promise<Copy> {
  return openCopy({ file, datasets, settings, source: await openRows(databaseUrl), pace, onProblem });
}

/** Whether the server answers questions, or takes long to reply. */
async function others(): Promise<Others> {
  const asked = performance.now();
  send({ ask: 'isReading' });
  const isReading = await new Promise<boolean>((resolve) => {
    answerBusy = resolve;
  });
  if (isReading) return 'READING';
  return performance.now() - asked > LATE_MS ? 'LATE' : 'IDLE';
}

async function feedForEver(): Promise<void> {
  try {
    const pauseMs = await feed(await kept.current());
    if (!isClosing) timer = setTimeout(feedForEver, pauseMs);
  } catch (error) {
    // A thread that cannot feed is of no use. The main thread starts another one later.
    await endThread(error);
  }
}

/** @returns when to feed again, in milliseconds */
async function feed(copy: Copy): Promise<number> {
  try {
    const before = copy.copied();
    const isLeft = await copy.feed();
    const isComing = copy.copied() - before >= MANY_ROWS;
    if (!isClosing && (!isLeft || copy.lacksMuch())) await kept.renew(isLeft, isComing);
    if (!isLeft && !isClosing && performance.now() - tidied > TIDY_EVERY_MS) {
      tidied = performance.now();
      await (await kept.current()).tidy();
    }
    isAway = false;
    if (isLeft) return 0;
    return isComing ? FEED_SOON_MS : FEED_EVERY_MS;
  } catch (error) {
    const trouble = asUnavailable(error)?.trouble;
    if (trouble !== 'AWAY' && trouble !== 'BUSY') throw error;
    // The copy is unchanged, and continues when the rows can be read again. Closing ends reads
    // under way.
    if (!isAway && !isClosing) onProblem(messageOf(error));
    isAway = true;
    return RETRY_INTERVAL_MS;
  }
}

/** How long questions wait, by dataset, also while the copy is being reopened. */
const patience = new Map<string, number>();

const catchUp = (dataset: string): Promise<string | null> =>
  kept.using((copy) => {
    patience.set(dataset, copy.patienceMs(dataset));
    return copy.catchUp(dataset);
  });

/** The copy may be opening, writing its log, or removing expired rows. */
async function giveUp(dataset: string): Promise<string> {
  await sleep(patience.get(dataset) ?? settings.patienceMs);
  return 'the columns are busy';
}

/**
 * Stops all statements and closes the copy. If the thread ended while a statement of DuckDB runs,
 * DuckDB would end the whole process.
 */
async function closeCopy(): Promise<void> {
  isClosing = true;
  clearTimeout(timer);
  await questions.close();
  // A copy that could not be opened has nothing to close.
  const copy = await kept.current().catch(() => null);
  await copy?.close();
}

/** A damaged file is of no use to the next thread. */
async function endThread(error: unknown): Promise<void> {
  if (isClosing) return;
  hasFailed = true;
  onProblem(messageOf(error));
  closed = closeCopy();
  await closed.catch((failed: unknown) => onProblem(messageOf(failed)));
  if (isDamaged(error)) removeCopy(file);
  process.exit(1);
}

async function handle(number: number, request: CopyRequest): Promise<unknown> {
  if (isClosing && request.kind !== 'close') throw new Error('the columns are closing');
  switch (request.kind) {
    case 'catch-up':
      return Promise.race([catchUp(request.dataset), giveUp(request.dataset)]);
    case 'lag':
      return (await kept.current()).lag();
    case 'read':
      return questions.read(number, request);
    case 'close':
      closed ??= closeCopy();
      await closed;
      return null;
  }
}

port.on('message', async (message: ToThread) => {
  if ('stop' in message) {
    questions.stop(message.stop);
    return;
  }
  if ('isReading' in message) {
    answerBusy(message.isReading);
    return;
  }
  const { number, request } = message;
  try {
    send({ number, value: await handle(number, request) });
  } catch (error) {
    // The main thread rejects what is left when this thread has ended.
    if (hasFailed) return;
    send({ number, error: messageOf(error) });
    if (isDamaged(error)) await endThread(error);
  }
  if (request.kind === 'close') process.exit(0);
});

void feedForEver();
