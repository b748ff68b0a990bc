import type { Dataset } from '../../../core/dataset/dataset.ts';
import { messageOf } from '../../../core/thrown.ts';
import type { Event } from '../../import/events.ts';
import type { Target } from '../../import/target.ts';

export interface OutboxOptions {
  readonly target: Target;
  readonly dataset: Dataset;
  /** Reports when the target becomes unreachable or reachable again, and lost samples. */
  readonly say: (line: string) => void;
  /** Maximum queued events. Beyond it, the oldest are dropped. Default: 1,000. */
  readonly capacity?: number;
}

/** A queue of events for a target that may be unreachable for a while. */
export interface Outbox {
  add(event: Event): void;
  /**
   * Sends the queued events. Resolves with true if the queue is empty and nothing was rejected.
   * Never rejects: events that could not be sent stay queued.
   */
  flush(): Promise<boolean>;
  readonly waiting: number;
}

const DEFAULT_CAPACITY = 1_000;

export function createOutbox({ target, dataset, say, capacity = DEFAULT_CAPACITY }: OutboxOptions): Outbox {
  let waiting: Event[] = [];
  let dropped = 0;
  let problem: string | null = null;
  let sending: Promise<boolean> | null = null;

  function bound(): void {
    const over = waiting.length - capacity;
    if (over <= 0) return;
    waiting = waiting.slice(over);
    dropped += over;
  }

  async function send(): Promise<boolean> {
    let refused = 0;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        const { rejected } = await target.send(dataset, batch);
        for (const { field, message } of rejected)
          say(`A sample was rejected: ${field === null ? '' : `${field}: `}${message}`);
        refused += rejected.length;
      } catch (error) {
        waiting = [...batch, ...waiting];
        bound();
        reportProblem(messageOf(error));
        return false;
      }
      if (problem !== null || dropped > 0) reportRecovery(batch.length);
    }
    return refused === 0;
  }

  function reportProblem(message: string): void {
    if (message !== problem) say(`${message} Samples are queued, at most ${capacity}.`);
    problem = message;
  }

  function reportRecovery(sent: number): void {
    const lost = dropped === 0 ? '' : ` In the meantime, ${dropped} older ones were dropped.`;
    say(`${target.description} accepts samples again: sent ${sent} from the queue.${lost}`);
    problem = null;
    dropped = 0;
  }

  return {
    add(event) {
      waiting.push(event);
      bound();
    },
    flush() {
      sending ??= send().finally(() => {
        sending = null;
      });
      return sending;
    },
    get waiting() {
      return waiting.length;
    },
  };
}
