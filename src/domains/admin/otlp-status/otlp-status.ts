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
        'What came by OTLP, what it became, and what was ignored and why: one entry per sender and kind of ' +
        'telemetry, those that sent last first. It answers "why does nothing arrive". Counts are of all instances; ' +
        'those of others are up to 10 seconds old. A sender that was silent for 30 days is no longer shown. ' +
        'Example: `{ otlpStatus { sender signal received became { dataset events } ignored { reason items } ' +
        'lastError } }`.',
      extensions: costs(() => ({ rows: ROWS })),
      resolve: (_root, _args, { services, projectId }) => services.otlpStatus.read(projectId),
    }),
  );
}

function senderType(types: TypeRegistry) {
  const { builder } = types;
  const became = builder.objectRef<SenderStatus['became'][number]>('OtlpBecame').implement({
    description: 'Events that telemetry became.',
    fields: (t) => ({
      dataset: t.exposeString('dataset', { description: 'The dataset, for example "llmCalls".' }),
      events: t.expose('events', {
        type: 'SafeInt',
        description: 'How many events, those included that came again and were stored before.',
      }),
      lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the last one came.' }),
    }),
  });
  const signal = builder.enumType('OtlpSignal', {
    description: 'A kind of telemetry.',
    values: enumValues(SIGNALS),
  });
  const ignored = ignoredType(types);
  return builder.objectRef<SenderStatus>('OtlpSender').implement({
    description: 'What one sender sent of one kind of telemetry.',
    fields: (t) => ({
      sender: t.exposeString('sender', {
        nullable: true,
        description:
          'Its `service.name`. Null: it has none, or its requests could not be read (see `lastError`).',
      }),
      signal: t.expose('signal', { type: signal, description: 'The kind of telemetry.' }),
      received: t.expose('received', {
        type: 'SafeInt',
        description: 'How many spans, log records or data points came in requests that were stored.',
      }),
      became: t.field({
        type: [became],
        description: 'What they became. One item may become several events.',
        resolve: (sender) => sender.became,
      }),
      ignored: t.field({
        type: [ignored],
        description: 'What became nothing, and why. That is no error.',
        resolve: (sender) => sender.ignored,
      }),
      rejected: t.expose('rejected', {
        type: 'SafeInt',
        description: 'Items that were refused; the sender was told why in its answer, see `lastError`.',
      }),
      failedRequests: t.expose('failedRequests', {
        type: 'SafeInt',
        description:
          'Requests of which nothing was stored: not readable, over a quota, or the queue was full.',
      }),
      lastError: t.exposeString('lastError', {
        nullable: true,
        description: 'Why items or a request were refused last; null: never.',
      }),
      lastErrorAt: t.expose('lastErrorAt', {
        type: 'DateTime',
        nullable: true,
        description: 'When that was.',
      }),
      firstAt: t.expose('firstAt', { type: 'DateTime', description: 'Since when it is counted.' }),
      lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When it sent last.' }),
    }),
  });
}

function ignoredType({ builder }: TypeRegistry) {
  const reason = builder.enumType('OtlpIgnoredReason', {
    description: 'Why a span, a log record or a data point became no event.',
    values: enumValues(IGNORED_REASONS),
  });
  return builder.objectRef<IgnoredItems>('OtlpIgnored').implement({
    description: 'Telemetry that became no event.',
    fields: (t) => ({
      reason: t.expose('reason', { type: reason, description: 'Why.' }),
      items: t.expose('items', { type: 'SafeInt', description: 'How many items.' }),
      example: t.exposeString('example', {
        nullable: true,
        description: 'What one of the newest was: the name of a span, an event or a metric.',
      }),
      lastAt: t.expose('lastAt', { type: 'DateTime', description: 'When the last one came.' }),
    }),
  });
}
