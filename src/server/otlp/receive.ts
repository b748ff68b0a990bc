import { allows } from '../../access/caller.ts';
import { batchesOf } from '../../core/batches.ts';
import { cutText } from '../../core/cut-text.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import { defined } from '../../core/defined.ts';
import type { Services } from '../../graphql/context.ts';
import type { MaskError } from '../../graphql/errors.ts';
import { withinQuota } from '../../graphql/events/within-quota.ts';
import type { EventInput, Rejection } from '../../ingest/ingest.ts';
import { createTelemetryMapper } from '../../otlp/mapping/map-request.ts';
import type { Mapped, MappedBatch, TargetName } from '../../otlp/mapping/mapped.ts';
import type { PartialSuccess } from '../../otlp/protocol/answers.ts';
import type { RequestBody } from '../../otlp/protocol/read-request.ts';
import type { Signal } from '../../otlp/protocol/telemetry.ts';
import type { Rejected } from '../../otlp/status/status.ts';
import type { ClientAddress } from '../client-address.ts';
import type { Exchange } from '../exchange.ts';
import { type Refusal, refusalOf } from '../refusal.ts';

/** Stores telemetry through the same path as all events. */
export interface Receiver {
  /** Why the caller may not send; null if it may. */
  refusal(exchange: Exchange): Refusal | null;
  /**
   * Stores the events of a request, at most 10,000 per transaction. After a refusal, nothing or
   * only a part was stored. If the request is sent again, nothing is stored twice.
   */
  receive(exchange: Exchange, signal: Signal, body: RequestBody): Promise<Received>;
  /** Counts a request that was rejected before it was read. */
  noteRefusal(exchange: Exchange, signal: Signal, message: string): void;
}

/** What was not stored (null if everything was), or why nothing was. */
export type Received = { readonly partial: PartialSuccess | null } | { readonly refusal: Refusal };

export interface ReceiverOptions {
  readonly services: Services;
  readonly maskError: MaskError;
  readonly addressOf: ClientAddress;
}

/** The most events per call of `record`. */
const EVENTS_PER_CALL = 10_000;
const LONGEST_MESSAGE = 2_000;

export function createReceiver({ services, maskError, addressOf }: ReceiverOptions): Receiver {
  const { ingest, otlpStatus, budgets, portions } = services;
  const mapper = createTelemetryMapper(portions, services.datasets);
  const datasets = new Map(services.datasets.map((dataset) => [dataset.name, dataset]));

  async function store({ request, caller }: Exchange, inputs: readonly NamedEvents[]): Promise<Rejection[]> {
    const account = budgets.accountOf(caller.keyId, () => addressOf(request));
    const storeAll = async () => {
      const rejected: Rejection[] = [];
      for (const part of partsOf(inputs, datasets)) {
        const outcome = await ingest.record(caller.projectId, part.inputs);
        rejected.push(...outcome.rejected.map((one) => ({ ...one, index: one.index + part.offsetOf(one) })));
      }
      return rejected;
    };
    // Charged for the whole request. Otherwise a quota could end in the middle of it.
    return withinQuota(
      account,
      inputs.map(([, events]) => ({ events })),
      storeAll,
    );
  }

  return {
    refusal({ caller }) {
      if (caller.trustedDocumentsOnly)
        return forbidden(
          'This API key, or the whole server, accepts only trusted documents, so OTLP is not available.',
        );
      return allows(caller, 'INGEST') ? null : forbidden('OTLP needs an API key with the scope INGEST.');
    },
    async receive(exchange, signal, body) {
      const { projectId } = exchange.caller;
      let mapped: Mapped = NOTHING;
      try {
        mapped = await mapper.map(signal, projectId, body);
        const rejections = rejectedItems(mapped, await store(exchange, [...mapped.events]));
        otlpStatus.noteStored({ projectId, signal, batches: mapped.batches }, rejections);
        return { partial: partialSuccess(mapped.batches, rejections) };
      } catch (error) {
        const refusal = refusalOf(error, maskError);
        otlpStatus.noteFailed({ projectId, signal, batches: mapped.batches }, refusal.message);
        return { refusal };
      }
    },
    noteRefusal({ caller: { projectId } }, signal, message) {
      otlpStatus.noteFailed({ projectId, signal, batches: [] }, message);
    },
  };
}

const NOTHING: Mapped = { events: new Map(), origins: new Map(), batches: [] };

type NamedEvents = readonly [name: TargetName, events: readonly unknown[]];

/** The events of one call, and their offset in the whole request. */
interface Part {
  readonly inputs: readonly EventInput[];
  offsetOf(rejection: Pick<Rejection, 'dataset'>): number;
}

/** Nearly every request fits into one call. */
function* partsOf(all: readonly NamedEvents[], datasets: ReadonlyMap<string, Dataset>): Generator<Part> {
  const toInput = ([name, events]: NamedEvents) => ({ dataset: defined(datasets.get(name)), events });
  const count = all.reduce((total, [, events]) => total + events.length, 0);
  if (count <= EVENTS_PER_CALL) {
    if (count > 0) yield { inputs: all.map(toInput), offsetOf: () => 0 };
    return;
  }
  for (const [name, events] of all) {
    let offset = 0;
    for (const batch of batchesOf(events, EVENTS_PER_CALL)) {
      const from = offset;
      yield { inputs: [toInput([name, batch])], offsetOf: () => from };
      offset += batch.length;
    }
  }
}

/** The items of which an event was rejected, by batch. An item with several events counts once. */
function rejectedItems({ origins }: Mapped, rejected: readonly Rejection[]): Map<MappedBatch, Rejected> {
  const found = new Map<MappedBatch, Rejected>();
  const seen = new Set<number>();
  for (const { dataset, index, message } of rejected) {
    const origin = origins.get(dataset as TargetName)?.[index];
    if (origin === undefined || seen.has(origin.item)) continue;
    seen.add(origin.item);
    const items = (found.get(origin.batch)?.items ?? 0) + 1;
    found.set(origin.batch, { items, message: `${dataset}: ${message}` });
  }
  return found;
}

function partialSuccess(
  batches: readonly MappedBatch[],
  invalid: ReadonlyMap<MappedBatch, Rejected>,
): PartialSuccess | null {
  const problems = batches.flatMap((batch) => {
    const events = invalid.get(batch);
    return [
      ...(batch.problem === null ? [] : [{ items: batch.rejected, message: batch.problem }]),
      ...(events === undefined ? [] : [events]),
    ];
  });
  if (problems.length === 0) return null;
  const rejected = problems.reduce((total, { items }) => total + items, 0);
  const messages = [...new Set(problems.map(({ message }) => message))];
  return { rejected, message: cutText(messages.join(' '), LONGEST_MESSAGE) };
}

const forbidden = (message: string): Refusal => ({ status: 403, code: 'FORBIDDEN', message });
