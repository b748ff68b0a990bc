import type { Clock } from '../core/clock.ts';
import type { Companion } from '../core/dataset/companion.ts';
import type { Dataset } from '../core/dataset/dataset.ts';
import { type Row, textAt } from '../core/dataset/row.ts';
import { defined } from '../core/defined.ts';
import { InvalidArgument } from '../core/errors.ts';
import type { IdSource } from '../core/ids.ts';
import type { IpAddresses } from '../core/ip-addresses.ts';
import type { Live } from '../live/live.ts';
import type { AppendResult, EventGroup, Store } from '../storage/store.ts';
import { withActivityIds } from './activity-ids.ts';
import { type CompanionCheck, compileCompanionCheck } from './companion-check.ts';
import type { EventInput, Ingest, RecordOutcome, Rejection } from './ingest.ts';
import type { Problem } from './problem.ts';
import { withRequestValues } from './request-values.ts';
import { type CallFacts, compileRowCheck, isRow, type RowCheck } from './row-check.ts';
import { createWriteQueue, type QueueLimit } from './write-queue.ts';

export interface IngestOptions {
  readonly store: Pick<Store, 'append'>;
  readonly live: Pick<Live, 'publish' | 'hasSubscribers'>;
  readonly clock: Clock;
  readonly ids: IdSource;
  /** What the `complete` of the datasets may use. */
  readonly completion: object;
  /** How much of the IP addresses in its events a project stores. */
  readonly ipAddressesOf: (projectId: string) => IpAddresses;
  /**
   * Resolves when the caller may spend this many microseconds on the event loop. Default: at once.
   */
  readonly pass?: (microseconds: number) => Promise<void>;
  /** Called with what became of the events of one dataset in a call. Default: none. */
  readonly onRecorded?: (dataset: Dataset, counts: RecordedCounts) => void;
  /** Wraps the storing of this many events, from the queue to the commit. Default: no wrapper. */
  readonly storing?: <Value>(events: number, store: () => Promise<Value>) => Promise<Value>;
  /**
   * The limit of what waits for the writer or is being written. Default: 100,000 events and 64 MiB.
   */
  readonly queueLimit?: QueueLimit;
}

/** How many events of a call were stored, already stored, and invalid. */
export interface RecordedCounts {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
}

const MAX_EVENTS_PER_CALL = 10_000;
/** How many events to check in one turn of the event loop: some milliseconds. */
const EVENTS_PER_PORTION = 250;
const CHECK_MICROSECONDS = 10;
const DEFAULT_QUEUE_LIMIT: QueueLimit = { events: 100_000, bytes: 64 * 1024 * 1024 };

/** The valid events of one dataset in one call, and the states that they carry. */
interface Part {
  readonly dataset: Dataset;
  readonly rows: readonly Row[];
  readonly brought: readonly Brought[];
}

/** A state, and the index among `rows` of the event that carries it. */
interface Brought {
  readonly row: Row;
  readonly by: number;
}

/** Opens the write path: check, queue, group commit, live events. */
export function createIngest(options: IngestOptions): Ingest {
  const { store, live, clock, ids, completion, ipAddressesOf, queueLimit = DEFAULT_QUEUE_LIMIT } = options;
  const { pass = async () => undefined, onRecorded = () => {}, storing = (_, store) => store() } = options;
  let checking = 0;
  const append: Store['append'] = (groups) => store.append(groups);
  const queue = createWriteQueue({ append, limit: queueLimit, coming: () => checking });
  const checks = createChecks(ids, completion);

  const underWay = new Set<Promise<unknown>>();

  const check = async (projectId: string, inputs: readonly EventInput[]) => {
    const facts = { projectId, now: clock.now(), ipAddresses: ipAddressesOf(projectId) };
    const rejected: Rejection[] = [];
    const parts: Part[] = [];
    for (const { dataset, events } of inputs) {
      const part = checks(dataset)(facts, (index, problem) => {
        rejected.push({ dataset: dataset.name, index, ...problem });
      });
      for (let first = 0; first < events.length; first += EVENTS_PER_PORTION) {
        const portion = events.slice(first, first + EVENTS_PER_PORTION);
        await pass(portion.length * CHECK_MICROSECONDS);
        portion.forEach((event, index) => void part.add(event, first + index));
      }
      parts.push(part);
    }
    return { parts, rejected };
  };

  const checkAndStore: Ingest['record'] = async (projectId, inputs) => {
    assertSize(inputs);
    checking++;
    const { parts, rejected } = await check(projectId, inputs).finally(() => checking--);
    const filled = parts.filter(({ rows }) => rows.length > 0);
    const size = filled.reduce((total, { rows }) => total + rows.length, 0);
    const result: AppendResult =
      size === 0 ? { fresh: [] } : await storing(size, () => queue.add(toGroup(filled)));
    publishFresh(live, filled, result);
    const counted = count(filled, result);
    inputs.forEach(({ dataset, events }, index) => {
      const part = filled.indexOf(defined(parts[index]));
      const { accepted, duplicates } = counted[part] ?? NOTHING_STORED;
      onRecorded(dataset, { accepted, duplicates, rejected: events.length - accepted - duplicates });
    });
    const [accepted, duplicates] = [sum(counted, 'accepted'), sum(counted, 'duplicates')];
    return { accepted, duplicates, rejected, ids: filled.flatMap(idsOf) };
  };

  const settled = async () => void (await Promise.allSettled(underWay));

  const record: Ingest['record'] = (projectId, inputs) => {
    const recorded = checkAndStore(projectId, inputs);
    underWay.add(recorded);
    return recorded.finally(() => underWay.delete(recorded));
  };

  return {
    record,
    // Ids come first: they are derived from the events as sent.
    recordActivity: (projectId, inputs) =>
      record(projectId, withRequestValues(withActivityIds(projectId, inputs), clock.now())),
    load: () => queue.load(),
    settled,
    async close() {
      await settled();
      await queue.close();
    },
  };
}

/** A part that grows as its events are checked. */
interface GrowingPart extends Part {
  add(event: unknown, index: number): void;
}

/**
 * Starts to check the events of one dataset in one call. Calls `reject` for each rejected event.
 */
type EventsCheck = (facts: CallFacts, reject: (index: number, problem: Problem) => void) => GrowingPart;

/** The checks of the datasets; each is compiled on first use. */
function createChecks(ids: IdSource, completion: object): (dataset: Dataset) => EventsCheck {
  const compiled = new Map<Dataset, EventsCheck>();
  return (dataset) => {
    const known = compiled.get(dataset);
    if (known !== undefined) return known;
    const check = compileRowCheck(dataset, { ids, services: completion });
    const made = hasCompanion(dataset)
      ? checkWithCompanions(dataset, compileCompanionCheck(dataset, check, { ids, services: completion }))
      : checkAlone(dataset, check);
    compiled.set(dataset, made);
    return made;
  };
}

const hasCompanion = (dataset: Dataset): dataset is Dataset & { readonly companion: Companion } =>
  dataset.companion !== undefined;

function checkAlone(dataset: Dataset, check: RowCheck): EventsCheck {
  return (facts, reject) => {
    const rows: Row[] = [];
    return {
      ...{ dataset, rows, brought: [] },
      add(event, index) {
        const result = check(event, facts);
        if (isRow(result)) rows.push(result);
        else reject(index, result);
      },
    };
  };
}

function checkWithCompanions(dataset: Dataset, check: CompanionCheck): EventsCheck {
  return (facts, reject) => {
    const rows: Row[] = [];
    const brought: Brought[] = [];
    return {
      ...{ dataset, rows, brought },
      add(event, index) {
        const result = check(event, facts);
        if (!('row' in result)) {
          reject(index, result);
          return;
        }
        if (result.brought !== null) brought.push({ row: result.brought, by: rows.length });
        rows.push(result.row);
      },
    };
  };
}

function assertSize(inputs: readonly EventInput[]): void {
  const size = inputs.reduce((total, { events }) => total + events.length, 0);
  if (size > MAX_EVENTS_PER_CALL) {
    const message = `At most ${MAX_EVENTS_PER_CALL} events fit in one call, not ${size}. Send them in several calls.`;
    throw new InvalidArgument(message, 'input');
  }
}

/**
 * States come after all events, so that the parts of the events keep their positions in the result.
 */
function toGroup(parts: readonly Part[]): EventGroup {
  const states = parts.flatMap(({ dataset: { companion }, brought }, part) => {
    if (companion === undefined || brought.length === 0) return [];
    const broughtBy = { part, rows: brought.map(({ by }) => by) };
    return [{ dataset: companion.state, rows: brought.map(({ row }) => row), broughtBy }];
  });
  return { parts: [...parts.map(({ dataset, rows }) => ({ dataset, rows })), ...states] };
}

type StoredCounts = Omit<RecordedCounts, 'rejected'>;

const NOTHING_STORED: StoredCounts = { accepted: 0, duplicates: 0 };

/** The counts of each part. */
function count(parts: readonly Part[], { fresh }: AppendResult): StoredCounts[] {
  return fresh.slice(0, parts.length).map((part) => {
    let accepted = 0;
    for (const isNew of part) if (isNew) accepted++;
    return { accepted, duplicates: part.length - accepted };
  });
}

const sum = (counted: readonly StoredCounts[], what: keyof StoredCounts): number =>
  counted.reduce((total, counts) => total + counts[what], 0);

function idsOf({ dataset, rows }: Part): RecordOutcome['ids'][number][] {
  const id = dataset.at.id;
  return rows.map((row) => ({ dataset, id: textAt(row, id) }));
}

/** Publishes only new events: subscribers have already received the duplicates. */
function publishFresh(live: IngestOptions['live'], parts: readonly Part[], { fresh }: AppendResult): void {
  parts.forEach(({ dataset, rows }, part) => {
    if (!live.hasSubscribers(dataset.topic)) return;
    const events = rows.filter((_, index) => fresh[part]?.[index]);
    if (events.length > 0) live.publish(dataset.topic, events);
  });
}
