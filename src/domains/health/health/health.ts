import type { GraphQLResolveInfo } from 'graphql';
import { columnOf } from '../../../core/dataset/table.ts';
import { defined } from '../../../core/defined.ts';
import { healthSamples } from '../../../declarations/health/health-samples.ts';
import { timeRange } from '../../../graphql/analytics/time-range.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import { selectionOf } from '../../../graphql/selection.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { errorRateOf } from '../../../health/findings.ts';
import { readCoordination } from '../../../health/read-coordination.ts';
import { type Health, type HealthPart, readHealth } from '../../../health/read-health.ts';
import { coordinationStatus } from '../coordination/coordination-status.ts';
import { serverResourcesType } from './resources-type.ts';
import { serviceHealthType } from './service-type.ts';
import { createHealthWatch } from './watch-health.ts';

/** Adds `health` and `healthChanged`. */
export function addHealth(types: TypeRegistry): void {
  const { builder } = types;
  const type = healthType(types);
  const watchHealth = createHealthWatch();
  builder.queryField('health', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description:
        'The health of the services. The overall status is the worst of these: the error rate of ' +
        "recent requests, the newest health sample of each service, the delay of the server's own " +
        'event loop (once the server has run for a minute), and the files of the coordination ' +
        'folder. The samples of the server itself (service "telltale") are listed but do not ' +
        'count: separate alert rules watch them. Only selected fields are read.',
      resolve: (_root, _args, context, info) => readHealth(context, wantedParts(info)),
    }),
  );
  builder.subscriptionField('healthChanged', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description:
        'Delivers the current state at once, then each change of the status. The status is ' +
        'checked after new requests and health samples, at most once a second, and otherwise ' +
        'every five seconds.',
      subscribe: (_root, _args, context) => watchHealth(context),
      resolve: (health: Health) => health,
    }),
  );
}

const PARTS_OF_FIELDS: Readonly<Record<string, HealthPart>> = {
  status: 'status',
  reasons: 'reasons',
  errorRate: 'counts',
  errorCount: 'counts',
  requests: 'counts',
  services: 'services',
};

function wantedParts(info: GraphQLResolveInfo): readonly HealthPart[] {
  return [...selectionOf(info).keys()].flatMap((field) => PARTS_OF_FIELDS[field] ?? []);
}

function healthType(types: TypeRegistry) {
  const { builder } = types;
  const status = columnEnum(types, columnOf(healthSamples, 'overallStatus'));
  return builder.objectRef<Health>('Health').implement({
    description: 'The health of the services of the project.',
    fields: (t) => ({
      status: t.field({
        type: status,
        description: 'The overall status, from the worst finding.',
        resolve: (health) => defined(health.status),
      }),
      reasons: t.stringList({
        description: 'The reasons in words: every finding that is not healthy, worst first.',
        resolve: (health) => defined(health.reasons),
      }),
      errorRate: t.float({
        nullable: true,
        description: 'Share of failed requests, 0 to 1; null if there were none.',
        resolve: ({ counts }) => errorRateOf(defined(counts)),
      }),
      errorCount: t.field({
        type: 'SafeInt',
        description: 'Number of failed requests in the window.',
        resolve: ({ counts }) => defined(counts).errors,
      }),
      requests: t.field({
        type: 'SafeInt',
        description: 'Requests in the window.',
        resolve: ({ counts }) => defined(counts).requests,
      }),
      services: t.field({
        type: [serviceHealthType(types, status)],
        description:
          'The services that have stored health samples or requests in the window, sorted by name; ' +
          'at most 1,000 of each kind.',
        resolve: ({ services }) => defined(services),
      }),
      resources: t.expose('resources', {
        type: serverResourcesType(types),
        description: 'The resource use of the server that answers.',
      }),
      window: t.field({
        type: timeRange(types),
        description: 'The time range of the requests that were evaluated.',
        resolve: ({ window }) => window,
      }),
      coordination: t.field({
        type: coordinationStatus(types),
        nullable: true,
        description: 'The folder in which agents coordinate; null if none is watched (COORDINATION_DIR).',
        resolve: (_health, _args, context) => readCoordination(context),
      }),
      checkedAt: t.expose('checkedAt', { type: 'DateTime', description: 'When the health was assessed.' }),
    }),
  });
}
