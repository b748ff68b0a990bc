import type { Counts } from './counts.ts';
import { type CommonFields, completeEvent, type Dataset, isDataset } from './events.ts';
import type { TelltaleOptions } from './options.ts';
import type { Problem } from './problem.ts';
import type { Queue } from './queue.ts';
import { findUnkeptNumber } from './unkept-number.ts';

/** Queues an event to be sent, or counts why not. Never throws. */
export type RecordEvent = (dataset: Dataset, event: object) => void;

export interface RecorderOptions {
  readonly queue: Queue;
  readonly counts: Counts;
  readonly mask: TelltaleOptions['mask'];
  readonly newId: () => string;
  /** ISO 8601, in milliseconds. */
  readonly now: () => string;
  readonly common: () => CommonFields;
  readonly isClosed: () => boolean;
  readonly report: (problem: Problem) => void;
  readonly onAdded: () => void;
}

/** An event that the client itself rejects. */
class NotTaken extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export function createRecorder(options: RecorderOptions): RecordEvent {
  const { queue, counts, report, newId } = options;

  /** The JSON of the event to send; null if `mask` omits it. */
  function toJson(dataset: Dataset, event: object): string | null {
    if (!isDataset(dataset)) throw new NotTaken('UNKNOWN_DATASET', `There is no dataset "${dataset}".`);
    if (typeof event !== 'object' || event === null || Array.isArray(event)) {
      throw new NotTaken('WRONG_TYPE', 'An event must be an object with the fields of its dataset.');
    }
    const known = { common: options.common(), newId, now: options.now };
    const completed = completeEvent(dataset, event as { [field: string]: unknown }, known);
    const masked = options.mask === undefined ? completed : applyMask(options.mask, completed, dataset);
    if (masked === null) return null;
    // JSON.stringify returns undefined for undefined, for functions, and if toJSON returns one of
    // these.
    const json: string | undefined = JSON.stringify(masked);
    if (json?.startsWith('{')) {
      // JSON.stringify turns NaN and Infinity into null.
      const unkept = json.includes('null') ? findUnkeptNumber(masked) : null;
      if (unkept === null) return json;
      throw new NotTaken('OUT_OF_RANGE', `${unkept}, which JSON cannot represent: send text, or nothing.`);
    }
    const source = options.mask === undefined ? 'An event' : 'The result of mask';
    throw new NotTaken('WRONG_TYPE', `${source} must be an object with the fields of its dataset.`);
  }

  function drop(count: number, code: string, message: string): void {
    counts.dropped += count;
    report({ kind: 'DROPPED', code, message, count });
  }

  return (dataset, event) => {
    counts.recorded++;
    if (options.isClosed()) return drop(1, 'CLOSED', 'The client is closed.');
    let json: string | null;
    try {
      json = toJson(dataset, event);
    } catch (error) {
      counts.rejected++;
      const [code, message] =
        error instanceof NotTaken ? [error.code, error.message] : ['NOT_JSON', String(error)];
      report({ kind: 'REJECTED', count: 1, code, message, dataset, event });
      return;
    }
    if (json === null) {
      counts.dropped++;
      return;
    }
    const dropped = queue.add(dataset, json);
    if (dropped > 0) drop(dropped, 'QUEUE_FULL', 'The queue is full (maxQueueEvents, maxQueueBytes).');
    options.onAdded();
  };
}

function applyMask(
  mask: NonNullable<TelltaleOptions['mask']>,
  event: { [field: string]: unknown },
  dataset: Dataset,
): object | null {
  try {
    return mask(event, dataset);
  } catch (error) {
    throw new NotTaken('MASK_FAILED', `mask threw, so the event is not sent: ${String(error)}`);
  }
}
