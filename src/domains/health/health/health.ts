import type { GraphQLResolveInfo } from 'graphql';
import { columnOf } from '../../../core/dataset/table.ts';
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
      type,
      description:
        'How the services do: from the error rate of their recent requests, from what each said of itself in its newest ' +
        "health sample, from the delay of the server's own event loop once it has run for a minute, and from the files of the coordination folder. The worst " +
        'decides. Only what is selected is read.',
      resolve: (_root, _args, context, info) => readHealth(context, wantedParts(info)),
    }),
  );
  builder.subscriptionField('healthChanged', (t) =>
    t.field({
      type,
      description:
        'The present state at once, then each change of the status. Checked after new requests and health samples, at most ' +
        'once a second, and every five seconds without.',
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

/** What is there because it was selected. */
const selected = <Value>(value: Value | undefined): Value => value as Value;

function healthType(types: TypeRegistry) {
  const { builder } = types;
  const status = columnEnum(types, columnOf(healthSamples, 'overallStatus'));
  return builder.objectRef<Health>('Health').implement({
    description: 'How the services of the project do.',
    fields: (t) => ({
      status: t.field({
        type: status,
        description: 'The verdict: that of the worst finding.',
        resolve: (health) => selected(health.status),
      }),
      reasons: t.stringList({
        description: 'Why, in words: every finding that is not healthy, the worst first.',
        resolve: (health) => selected(health.reasons),
      }),
      errorRate: t.float({
        nullable: true,
        description: 'Share of the requests that failed, 0 to 1; null when there were none.',
        resolve: ({ counts }) => errorRateOf(selected(counts)),
      }),
      errorCount: t.field({
        type: 'SafeInt',
        description: 'Requests in the window that failed.',
        resolve: ({ counts }) => selected(counts).errors,
      }),
      requests: t.field({
        type: 'SafeInt',
        description: 'Requests in the window.',
        resolve: ({ counts }) => selected(counts).requests,
      }),
      services: t.field({
        type: [serviceHealthType(types, status)],
        description:
          'Each service that has stored health samples, or requests in the window, by name; at most 1,000 of each.',
        resolve: ({ services }) => selected(services),
      }),
      resources: t.expose('resources', {
        type: serverResourcesType(types),
        description: 'What the server that answers uses.',
      }),
      window: t.field({
        type: timeRange(types),
        description: 'The span of time whose requests were looked at.',
        resolve: ({ window }) => window,
      }),
      coordination: t.field({
        type: coordinationStatus(types),
        nullable: true,
        description: 'The folder in which agents coordinate; null when none is followed (COORDINATION_DIR).',
        resolve: (_health, _args, context) => readCoordination(context),
      }),
      checkedAt: t.expose('checkedAt', { type: 'DateTime', description: 'When the verdict was made.' }),
    }),
  });
}
