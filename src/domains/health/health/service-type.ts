import type { DerivedEnum } from '../../../graphql/entities/column-types.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { errorRateOf } from '../../../health/findings.ts';
import type { ServiceHealth } from '../../../health/judge-service.ts';

/** How one service does. */
export function serviceHealthType({ builder }: TypeRegistry, status: DerivedEnum) {
  const type = builder.objectRef<ServiceHealth>('ServiceHealth').implement({
    description:
      'How one service does in one environment, by its newest health sample and its recent requests.',
    fields: (t) => ({
      service: t.exposeString('service', {
        nullable: true,
        description: 'Its name; null: the samples and requests that name no service.',
      }),
      environment: t.exposeString('environment', {
        nullable: true,
        description: 'The deployment environment; null: what names none.',
      }),
      status: t.expose('status', {
        type: status,
        description:
          'The worst of what was found at it. A service that is silent (`stale`) is DEGRADED when it has no requests either, ' +
          'and judged by its requests otherwise; its silence is no part of the verdict on the whole.',
      }),
      reasons: t.exposeStringList('reasons', { description: 'Why, in words, the worst first.' }),
      sampledAt: t.field({
        type: 'DateTime',
        nullable: true,
        description: 'The time of its newest sample, by the clock of the service; null when there is none.',
        resolve: ({ sample }) => sample?.timestamp ?? null,
      }),
      stale: t.exposeBoolean('stale', {
        description:
          'True: the newest sample is older than HEALTH_SAMPLE_MAX_AGE_SECONDS and does not count. Its age goes by its time and never ' +
          'by one later than its receipt; by its receipt when the clock of the service is behind, which shows from the second sample within 15 minutes on.',
      }),
      requests: t.field({
        type: 'SafeInt',
        description: 'Its requests in the window.',
        resolve: ({ counts }) => counts.requests,
      }),
      errorRate: t.float({
        nullable: true,
        description: 'Share of its requests in the window that failed, 0 to 1; null when there were none.',
        resolve: ({ counts }) => errorRateOf(counts),
      }),
    }),
  });
  builder.objectFields(type, (t) => ({
    cpuUsage: t.float({
      nullable: true,
      description:
        'Processor time in percent of what there is for it, the machine or the limit of its container, by its newest sample.',
      resolve: ({ sample }) => sample?.cpuUsage ?? null,
    }),
    memoryUsage: t.float({
      nullable: true,
      description:
        'Memory in percent of what there is for it, the machine or the limit of its container, by its newest sample.',
      resolve: ({ sample }) => sample?.memoryUsage ?? null,
    }),
    diskUsage: t.float({
      nullable: true,
      description: 'Its fullest disk in percent, by its newest sample.',
      resolve: ({ sample }) => sample?.diskUsage ?? null,
    }),
    apiLatencyMs: t.float({
      nullable: true,
      description: 'How long it takes to answer, in milliseconds, by its newest sample.',
      resolve: ({ sample }) => sample?.apiLatencyMs ?? null,
    }),
    websocketConnections: t.int({
      nullable: true,
      description: 'Open WebSocket connections, by its newest sample.',
      resolve: ({ sample }) => sample?.websocketConnections ?? null,
    }),
    errorCount: t.int({
      nullable: true,
      description:
        'Errors that it counted between its newest sample and the one before; null without a sample.',
      resolve: ({ sample }) => sample?.errorCount ?? null,
    }),
  }));
  return type;
}
