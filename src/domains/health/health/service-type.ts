import type { Builder, ObjectType } from '../../../graphql/builder.ts';
import type { DerivedEnum } from '../../../graphql/entities/column-types.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { ServiceHealth } from '../../../health/assess-service.ts';
import { errorRateOf } from '../../../health/findings.ts';

/** The health of one service. */
export function serviceHealthType({ builder }: TypeRegistry, status: DerivedEnum) {
  const type = builder.objectRef<ServiceHealth>('ServiceHealth').implement({
    description:
      'The health of one service in one environment, from its newest health sample and its ' +
      'recent requests.',
    fields: (t) => ({
      service: t.exposeString('service', {
        nullable: true,
        description: 'The name; null for samples and requests that name no service.',
      }),
      environment: t.exposeString('environment', {
        nullable: true,
        description: 'The deployment environment; null for samples and requests without one.',
      }),
      status: t.expose('status', {
        type: status,
        description:
          'The worst finding for the service. A silent service (`stale`) is DEGRADED if it has ' +
          'no requests either; otherwise its requests decide. Its silence does not affect the ' +
          'overall verdict.',
      }),
      reasons: t.exposeStringList('reasons', { description: 'The reasons in words, worst first.' }),
      sampledAt: t.field({
        type: 'DateTime',
        nullable: true,
        description:
          'The time of the newest sample, according to the service’s clock; null if there is none.',
        resolve: ({ sample }) => sample?.timestamp ?? null,
      }),
      stale: t.exposeBoolean('stale', {
        description:
          'True if the newest sample is older than HEALTH_SAMPLE_MAX_AGE_SECONDS and therefore ' +
          'does not count. Its age is measured from its timestamp, but never from a time later ' +
          'than its receipt. If the service’s clock is behind, the age is measured from the ' +
          'receipt; the server detects this from the second sample within 15 minutes.',
      }),
      requests: t.field({
        type: 'SafeInt',
        description: 'Its requests in the window.',
        resolve: ({ counts }) => counts.requests,
      }),
      errorRate: t.float({
        nullable: true,
        description: 'Share of its requests in the window that failed, 0 to 1; null if there were none.',
        resolve: ({ counts }) => errorRateOf(counts),
      }),
    }),
  });
  addSampleFields(builder, type);
  return type;
}

/** Adds the values of the newest sample. */
function addSampleFields(builder: Builder, type: ObjectType<ServiceHealth>): void {
  builder.objectFields(type, (t) => ({
    cpuUsage: t.float({
      nullable: true,
      description:
        'Processor time in percent of what is available to it (the machine, or the limit of ' +
        'its container), from its newest sample.',
      resolve: ({ sample }) => sample?.cpuUsage ?? null,
    }),
    memoryUsage: t.float({
      nullable: true,
      description:
        'Memory in percent of what is available to it (the machine, or the limit of its ' +
        'container), from its newest sample.',
      resolve: ({ sample }) => sample?.memoryUsage ?? null,
    }),
    diskUsage: t.float({
      nullable: true,
      description: 'Use of its fullest disk in percent, from its newest sample.',
      resolve: ({ sample }) => sample?.diskUsage ?? null,
    }),
    apiLatencyMs: t.float({
      nullable: true,
      description: 'Response time in milliseconds, from its newest sample.',
      resolve: ({ sample }) => sample?.apiLatencyMs ?? null,
    }),
    websocketConnections: t.int({
      nullable: true,
      description: 'Open WebSocket connections, from its newest sample.',
      resolve: ({ sample }) => sample?.websocketConnections ?? null,
    }),
    errorCount: t.int({
      nullable: true,
      description:
        'Number of errors that the service reported between its newest sample and the one before; ' +
        'null without a sample.',
      resolve: ({ sample }) => sample?.errorCount ?? null,
    }),
  }));
}
