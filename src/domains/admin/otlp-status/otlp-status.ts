import { enumValues } from '../../../graphql/entities/column-types.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { IGNORED_REASONS } from '../../../otlp/mapping/reasons.ts';
import type { Signal } from '../../../otlp/protocol/telemetry.ts';
import type { IgnoredItems, SenderStatus } from '../../../otlp/status/status.ts';

const SIGNALS: Readonly<Record<Signal, string>> = {
  TRACES: 'Spans, at `/v1/traces`.',
  LOGS: 'Log records and events, at `/v1/logs`.',
  METRICS: 'Data points of metrics, at `/v1/metrics`.',
};
/** The most rows to read. */
const ROWS = 1_000;

/** Adds `otlpStatus`. */
export function addOtlpStatus(types: TypeRegistry): void {
  types.builder.queryField('otlpStatus', (t) =>
    t.field({
      authScopes: { read: true },
      type: [senderType(types)],
      description:
        'What was received by OTLP, which events were created from it, and what was ignored and ' +
        'why: one entry per sender and kind of telemetry, most recent sender first. Use it to find ' +
        'out why nothing arrives. The counts cover all instances; those of other instances are up ' +
        'to 10 seconds old. A sender that was silent for 30 days is no longer listed. Example: `{ ' +
        'otlpStatus { sender signal received became { dataset events } ignored { reason items } ' +
        'lastError } }`.',
      extensions: costs(() => ({ rows: ROWS })),
      resolve: (_root, _args, { services, projectId }) => services.otlpStatus.read(projectId),
    }),
  );
}

function senderType(types: TypeRegistry) {
  const { builder } = types;
  const became = builder.objectRef<SenderStatus['became'][number]>('OtlpBecame').implement({
    description: 'Events that were created from telemetry.',
    fields: (t) => ({
      dataset: t.exposeString('dataset', { description: 'The dataset, for example "llmCalls".' }),
      events: t.expose('events', {
        type: 'SafeInt',
        description: 'Number of events, including events that were received again and were already stored.',
      }),
      lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the last one was received.' }),
    }),
  });
  const signal = builder.enumType('OtlpSignal', {
    description: 'A kind of telemetry.',
    values: enumValues(SIGNALS),
  });
  const ignored = ignoredType(types);
  return builder.objectRef<SenderStatus>('OtlpSender').implement({
    description: 'One kind of telemetry from one sender.',
    fields: (t) => ({
      sender: t.exposeString('sender', {
        nullable: true,
        description:
          'The sender’s `service.name`. Null if it has none, or if its requests could not be read ' +
          '(see `lastError`).',
      }),
      signal: t.expose('signal', { type: signal, description: 'The kind of telemetry.' }),
      received: t.expose('received', {
        type: 'SafeInt',
        description: 'Number of spans, log records or data points in requests that were stored.',
      }),
      became: t.field({
        type: [became],
        description: 'The events that were created from them. One item may become several events.',
        resolve: (sender) => sender.became,
      }),
      ignored: t.field({
        type: [ignored],
        description: 'Items from which no event was created, and why. This is not an error.',
        resolve: (sender) => sender.ignored,
      }),
      rejected: t.expose('rejected', {
        type: 'SafeInt',
        description:
          'Number of items that were rejected. The response to the sender said why; see `lastError`.',
      }),
      failedRequests: t.expose('failedRequests', {
        type: 'SafeInt',
        description:
          'Requests of which nothing was stored, because they were unreadable, exceeded a quota, ' +
          'or found the queue full.',
      }),
      lastError: t.exposeString('lastError', {
        nullable: true,
        description: 'Why items or a request were last rejected; null if they never were.',
      }),
      lastErrorAt: t.expose('lastErrorAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When that happened; null if it never did.',
      }),
      firstAt: t.expose('firstAt', {
        type: 'DateTime',
        description: 'Since when this sender has been counted.',
      }),
      lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the sender last sent telemetry.' }),
    }),
  });
}

function ignoredType({ builder }: TypeRegistry) {
  const reason = builder.enumType('OtlpIgnoredReason', {
    description: 'Why no event was created from a span, a log record or a data point.',
    values: enumValues(IGNORED_REASONS),
  });
  return builder.objectRef<IgnoredItems>('OtlpIgnored').implement({
    description: 'Telemetry from which no event was created.',
    fields: (t) => ({
      reason: t.expose('reason', { type: reason, description: 'Why.' }),
      items: t.expose('items', { type: 'SafeInt', description: 'Number of items.' }),
      example: t.exposeString('example', {
        nullable: true,
        description: 'A recent example: the name of a span, an event or a metric.',
      }),
      lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the last one was received.' }),
    }),
  });
}
