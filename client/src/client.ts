import type { Counts, FlushResult, Stats } from './counts.ts';
import { createDelivery } from './delivery.ts';
import {
  type CommonFields,
  type Dataset,
  type EventContext,
  type EventOf,
  mergeContexts,
  type RequestEvent,
  toErrorEvent,
} from './events.ts';
import { createIds } from './ids.ts';
import { readOptions, type TelltaleOptions } from './options.ts';
import type { ContextStore, Platform } from './platform.ts';
import { createProblemLog } from './problem.ts';
import { createQueue } from './queue.ts';
import { createRecorder, type RecordEvent } from './recorder.ts';

/**
 * Sends events in the background. Its methods never throw or reject, except that `withContext`
 * passes on what its work throws. An event counts as sent when the server has committed it.
 */
export interface Telltale {
  /** Records a call to a language model. */
  llmCall(event: EventOf<'llmCalls'>): void;
  /** Records an error given as an event. `more` adds fields. */
  error(error: EventOf<'errorLogs'>, more?: Partial<EventOf<'errorLogs'>>): void;
  /**
   * Records a thrown value of any kind. `more` adds fields. A value without an `errorType` is not
   * an event.
   */
  error<Thrown>(thrown: NoEvent<Thrown>, more?: Partial<EventOf<'errorLogs'>>): void;
  /** Records a request that a service answered. */
  request(event: RequestEvent): void;
  /** Records a change of a task. */
  task(event: EventOf<'taskEvents'>): void;
  /**
   * Records an event of any dataset. It gets an id (UUIDv7) and the time now, unless it has them.
   */
  record<Name extends Dataset>(dataset: Name, event: EventOf<Name>): void;
  /**
   * Runs `work`. Everything that it records, also after its `await`s, gets these fields if its
   * dataset has them. Without AsyncLocalStorage (browsers), they apply only until `work` returns.
   */
  withContext<Result>(context: EventContext, work: () => Result): Result;
  /** The fields of the current context. */
  context(): EventContext;
  /** A new id (UUIDv7), for example for `requestId`. */
  newId(): string;
  /**
   * Sends what was recorded so far, and waits until each event is settled, or until the timeout
   * (milliseconds; default: `timeoutMs` of the client). If the server asked for a wait that would
   * last longer, it does not wait.
   */
  flush(options?: { readonly timeoutMs?: number | undefined }): Promise<FlushResult>;
  /**
   * Like `flush`. What is left then is dropped and counted, and so is everything recorded later.
   */
  close(options?: { readonly timeoutMs?: number | undefined }): Promise<FlushResult>;
  stats(): Stats;
}

/** A thrown value. If it has an `errorType`, it is an event and must have all required fields. */
type NoEvent<Thrown> = Thrown extends Error ? Thrown : Thrown extends { errorType: unknown } ? never : Thrown;

/** @throws TypeError for invalid options */
export function createClient(options: TelltaleOptions, platform: Platform): Telltale {
  const contexts = platform.createStore<Context>();
  const newId = createIds(platform.now, platform.randomize);
  if (options.enabled === false) return { ...methods(() => undefined, contexts, {}), ...nothing(newId) };
  const settings = readOptions(options);
  const counts: Counts = { recorded: 0, sent: 0, rejected: 0, dropped: 0, retries: 0 };
  const queue = createQueue(settings.queue);
  const report = safely(options.onError ?? createProblemLog(platform.elapsed));
  const delivery = createDelivery({ settings, platform, queue, counts, report });
  const { drain, flush, close } = delivery;
  const promise = createPromises(options.waitUntil, platform, () => drain(settings.timeoutMs));
  const record = createRecorder({
    ...{ queue, counts, report, mask: options.mask, now: createTimestamps(platform.now) },
    newId,
    common: () => contexts.get()?.all ?? settings.common,
    isClosed: () => delivery.isClosed,
    onAdded() {
      delivery.notice();
      promise();
    },
  });
  return {
    ...methods(record, contexts, settings.common),
    newId,
    flush: ({ timeoutMs = settings.timeoutMs } = {}) => flush(timeoutMs),
    close: ({ timeoutMs = settings.timeoutMs } = {}) => close(timeoutMs),
    stats: () => ({ ...counts, pending: queue.size, pendingBytes: queue.bytes }),
  };
}

/**
 * The current time as text. Formatting it takes longer than checking whether it is still the same.
 */
function createTimestamps(now: () => number): () => string {
  let millisecond = Number.NaN;
  let text = '';
  return () => {
    const present = now();
    if (present !== millisecond) text = new Date(present).toISOString();
    millisecond = present;
    return text;
  };
}

/** Passes `waitUntil` a promise of the next flush. Events recorded within a moment share it. */
function createPromises(
  waitUntil: TelltaleOptions['waitUntil'],
  platform: Platform,
  drain: () => Promise<unknown>,
): () => void {
  if (waitUntil === undefined) return () => undefined;
  const give = safely(waitUntil);
  let isGiven = false;
  return () => {
    if (isGiven) return;
    isGiven = true;
    const moment = new Promise<void>((resolve) => void platform.startTimer(resolve, SAME_MOMENT_MS, true));
    give(
      moment.then(() => {
        isGiven = false;
        return drain();
      }),
    );
  };
}

const SAME_MOMENT_MS = 50;

/** A context, alone and merged with what all events of the client have in common. */
interface Context {
  readonly own: EventContext;
  readonly all: CommonFields;
}

function methods(
  record: RecordEvent,
  contexts: ContextStore<Context>,
  common: CommonFields,
): Omit<Telltale, 'newId' | 'flush' | 'close' | 'stats'> {
  return {
    llmCall: (event) => record('llmCalls', event),
    error: (error: unknown, more?: Partial<EventOf<'errorLogs'>>) =>
      record('errorLogs', toErrorEvent(error, more)),
    request: (event) => record('requestLogs', event),
    task: (event) => record('taskEvents', event),
    record,
    withContext(context, work) {
      const own = mergeContexts(contexts.get()?.own ?? {}, context);
      return contexts.run({ own, all: mergeContexts(common, own) }, work);
    },
    context: () => contexts.get()?.own ?? {},
  };
}

/** A disabled client. Contexts work, so that the code around it does. */
function nothing(newId: () => string): Pick<Telltale, 'newId' | 'flush' | 'close' | 'stats'> {
  const result: FlushResult = { sent: 0, rejected: 0, dropped: 0, pending: 0 };
  return {
    newId,
    flush: async () => result,
    close: async () => result,
    stats: () => ({ ...result, recorded: 0, pendingBytes: 0, retries: 0 }),
  };
}

/** Calls the caller's function. If it throws, the console reports it and nothing else changes. */
function safely<Argument>(call: (argument: Argument) => void): (argument: Argument) => void {
  return (argument) => {
    try {
      call(argument);
    } catch (error) {
      console.warn('telltale: a function in the options threw:', error);
    }
  };
}
