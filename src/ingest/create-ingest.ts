import type { Clock } from '../core/clock.ts';
import type { CompletionServices, Dataset, Row } from '../core/dataset/dataset.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import type { Live } from '../live/live.ts';
import type { AppendResult, Store } from '../storage/store.ts';
import { compileEventCheck, type EventCheck, isRow } from './event-check.ts';
import type { EventInput, Ingest, RecordOutcome, Rejection } from './ingest.ts';
import { createWriteQueue } from './write-queue.ts';

export interface IngestOptions {
  readonly store: Pick<Store, 'append'>;
  readonly live: Pick<Live, 'publish' | 'hasSubscribers'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly completion: CompletionServices;
  /** Most events that wait for the writer. Default: 100,000. */
  readonly queueLimit?: number;
}

const MAX_EVENTS_PER_CALL = 10_000;
const DEFAULT_QUEUE_LIMIT = 100_000;

/** The valid events of one dataset in one call. */
interface Part {
  readonly dataset: Dataset;
  readonly rows: readonly Row[];
}

/** Opens the write path: check, queue, group commit, live events. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, live, clock, ids, completion, queueLimit = DEFAULT_QUEUE_LIMIT } = options;
  const queue = createWriteQueue({ append: (groups) => store.append(groups), limit: queueLimit });
  const checks = new Map<Dataset, EventCheck>();

  function checkOf(dataset: Dataset): EventCheck {
    const known = checks.get(dataset);
    if (known !== undefined) return known;
    const compiled = compileEventCheck(dataset, ids, completion);
    checks.set(dataset, compiled);
    return compiled;
  }

  return {
    async record(projectId, inputs) {
      assertSize(inputs);
      const facts = { projectId, now: clock.now() };
      const rejected: Rejection[] = [];
      const parts = inputs.map(({ dataset, events }): Part => {
        const check = checkOf(dataset);
        const rows: Row[] = [];
        events.forEach((event, index) => {
          const result = check(event, facts);
          if (isRow(result)) rows.push(result);
          else rejected.push({ dataset: dataset.name, index, ...result });
        });
        return { dataset, rows };
      });
      const filled = parts.filter(({ rows }) => rows.length > 0);
      if (filled.length === 0) return { accepted: 0, duplicates: 0, rejected, ids: [] };
      const result = await queue.add({ parts: filled });
      publishFresh(live, filled, result);
      return { ...count(result), rejected, ids: filled.flatMap(idsOf) };
    },
    close: () => queue.close(),
  };
}

function assertSize(inputs: readonly EventInput[]): void {
  const size = inputs.reduce((total, { events }) => total + events.length, 0);
  if (size > MAX_EVENTS_PER_CALL) {
    const message = `At most ${MAX_EVENTS_PER_CALL} events fit one call; these are ${size}. Send them in several.`;
    throw new InvalidArgument(message, 'input');
  }
}

function count({ fresh }: AppendResult): Pick<RecordOutcome, 'accepted' | 'duplicates'> {
  let accepted = 0;
  let duplicates = 0;
  for (const part of fresh) {
    for (const isNew of part) {
      if (isNew) accepted++;
      else duplicates++;
    }
  }
  return { accepted, duplicates };
}

function idsOf({ dataset, rows }: Part): RecordOutcome['ids'][number][] {
  const id = dataset.at.id as number;
  return rows.map((row) => ({ dataset, id: row[id] as string }));
}

/** A duplicate happened before: whoever listens has heard of it. */
function publishFresh(live: IngestOptions['live'], parts: readonly Part[], { fresh }: AppendResult): void {
  parts.forEach(({ dataset, rows }, part) => {
    if (!live.hasSubscribers(dataset.topic)) return;
    const events = rows.filter((_, index) => fresh[part]?.[index]);
    if (events.length > 0) live.publish(dataset.topic, events);
  });
}
