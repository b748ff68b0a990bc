import type { Dataset } from '../../core/dataset/dataset.ts';
import type { Portions } from '../../runtime/portions.ts';
import { type RequestBody, readRequest } from '../protocol/read-request.ts';
import {
  type Attributes,
  type Batch,
  ITEMS_PER_PORTION,
  type Signal,
  type Telemetry,
} from '../protocol/telemetry.ts';
import { createTexts } from '../protocol/wire-reader.ts';
import { compileFit } from './fit-texts.ts';
import { createLogFamilies, mapLogs } from './logs/map-logs.ts';
import { createCollector, type Mapped } from './mapped.ts';
import { mapMetrics } from './metrics/map-metrics.ts';
import { createSender, type Sender } from './sender.ts';
import { mapSpans } from './spans/map-spans.ts';
import { createNestedCalls } from './spans/nested-calls.ts';
import { createOuterSpans } from './spans/outer-spans.ts';

/** Converts telemetry to events. Stores nothing. */
export interface TelemetryMapper {
  /**
   * Converts a request in chunks that let other requests run.
   *
   * @throws InvalidArgument for a body that does not match its content type
   */
  map(signal: Signal, projectId: string, body: RequestBody): Promise<Mapped>;
}

/** The approximate time to read and map an item, and a byte of items. */
const ITEM_MICROSECONDS = 10;
const BYTE_MICROSECONDS = 0.015;
const PORTION_MICROSECONDS = ITEMS_PER_PORTION * ITEM_MICROSECONDS;
/** The approximate time to count and parse a byte of JSON. */
const JSON_MICROSECONDS = 0.009;

export function createTelemetryMapper(
  { pass }: Portions,
  datasets: readonly Pick<Dataset, 'name' | 'columns'>[],
): TelemetryMapper {
  const fits = new Map(datasets.map(({ name, columns }) => [name, compileFit(columns)]));
  const texts = createTexts();
  const nestedCalls = createNestedCalls();
  let requests = 0;

  return {
    async map(signal, projectId, body) {
      const collector = createCollector(fits);
      const families = createLogFamilies();
      const { next, sink } = collector;
      const request = ++requests;
      const outerSpans = createOuterSpans();
      const mappings: { readonly [One in Signal]: (batch: Batch<Telemetry[One]>, sender: Sender) => void } = {
        TRACES: (batch, sender) =>
          mapSpans(batch, { projectId, sender, nestedCalls, outerSpans, request, next }),
        LOGS: (batch, sender) => mapLogs(batch, { sender, families, next }),
        METRICS: (batch, sender) => mapMetrics(batch, { sender, next }),
      };
      const mapAll = async <One extends Signal>(one: One) => {
        let sender: Sender | undefined;
        let of: Attributes | undefined;
        for await (const batch of inTurns(readRequest(one, body, texts), body, pass)) {
          if (sender === undefined || of !== batch.resource) {
            of = batch.resource;
            sender = createSender(projectId, batch.resource, sink);
            collector.begin(sender.name);
          }
          mappings[one](batch, sender);
        }
      };
      if (body.encoding === 'JSON') await pass(body.bytes.length * JSON_MICROSECONDS);
      await mapAll(signal);
      await outerSpans.fillEvents(sink, pass);
      return collector.finish();
    },
  };
}

/**
 * The chunks of a request. Each waits for its turn before it is read, because many requests may
 * arrive at once. The time that a turn needs is estimated from the size of the body, and from the
 * items read so far if they took more.
 */
async function* inTurns<Item>(
  portions: Iterator<Batch<Item>, void>,
  { bytes }: RequestBody,
  pass: Portions['pass'],
): AsyncGenerator<Batch<Item>> {
  let [passed, read] = [0, 0];
  for (;;) {
    const left = Math.max(bytes.length * BYTE_MICROSECONDS, read) - passed;
    const next = Math.min(Math.max(left, 0), PORTION_MICROSECONDS);
    await pass(next);
    passed += next;
    const { value, done } = portions.next();
    if (done) return;
    yield value;
    read += value.items.length * ITEM_MICROSECONDS;
  }
}
