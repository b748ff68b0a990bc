import { columnOf } from '../../../core/dataset/table.ts';
import { timeRange } from '../../../graphql/analytics/time-range.ts';
import { columnEnum } from '../../../graphql/dataset/column-types.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { coordinationStatus } from '../coordination/node.ts';
import { healthSamples } from '../health-samples/definition.ts';
import { type Health, readHealth } from './read-health.ts';
import { createHealthWatch } from './watch-health.ts';

/** Adds `health` and `healthChanged`. */
export function addHealth(parts: Parts): void {
  const { builder } = parts;
  const type = healthType(parts);
  const watchHealth = createHealthWatch();
  builder.queryField('health', (t) =>
    t.field({
      type,
      description: 'How the services do, from the error rate of their recent requests.',
      resolve: (_root, _args, context) => readHealth(context),
    }),
  );
  builder.subscriptionField('healthChanged', (t) =>
    t.field({
      type,
      description:
        'The present state at once, then each change of the status. Checked after new requests, at most once a second, and ' +
        'every five seconds without.',
      subscribe: (_root, _args, context) => watchHealth(context),
      resolve: (health: Health) => health,
    }),
  );
}

function healthType(parts: Parts) {
  const { builder } = parts;
  const status = columnEnum(parts, columnOf(healthSamples, 'overallStatus'));
  return builder.objectRef<Health>('Health').implement({
    description: 'How the services of the project do.',
    fields: (t) => ({
      status: t.expose('status', { type: status, description: 'The verdict.' }),
      reasons: t.exposeStringList('reasons', { description: 'Why, in words.' }),
      errorRate: t.exposeFloat('errorRate', {
        nullable: true,
        description: 'Share of the requests that failed, 0 to 1; null when there were none.',
      }),
      requests: t.expose('requests', { type: 'SafeInt', description: 'Requests in the window.' }),
      window: t.field({
        type: timeRange(parts),
        description: 'The span of time that was looked at.',
        resolve: ({ window }) => window,
      }),
      coordination: t.field({
        type: coordinationStatus(parts),
        nullable: true,
        description: 'The folder in which agents coordinate; null when none is followed (COORDINATION_DIR).',
        resolve: (_health, _args, { services }) => services.coordination?.status() ?? null,
      }),
      checkedAt: t.expose('checkedAt', { type: 'DateTime', description: 'When the verdict was made.' }),
    }),
  });
}
