import { sql } from 'kysely';
import { severityRank } from '../../../alerting/book/severity.ts';
import { columnOf } from '../../../core/dataset/table.ts';
import type { Filter } from '../../../core/filter.ts';
import { ALERT_STATUSES, ALERT_TYPES } from '../../../declarations/alerts/alert-enums.ts';
import { alerts } from '../../../declarations/alerts/alerts.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import type { Context } from '../../../graphql/context.ts';
import { columnEnum } from '../../../graphql/entities/column-types.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { selectScope } from '../../../lists/list-page.ts';

interface AlertCount {
  readonly type: string;
  readonly severity: string;
  readonly status: string;
  readonly count: number;
}

/** Adds `alertCounts`. */
export function addAlertCounts(types: TypeRegistry): void {
  const enumOf = (name: 'type' | 'severity' | 'status') => columnEnum(types, columnOf(alerts, name));
  const count = types.builder.objectRef<AlertCount>('AlertCount').implement({
    description: 'Number of alerts of one type, severity and status.',
    fields: (t) => ({
      type: t.expose('type', { type: enumOf('type'), description: 'The type of the alerts.' }),
      severity: t.expose('severity', {
        type: enumOf('severity'),
        description: 'The severity of the alerts.',
      }),
      status: t.expose('status', { type: enumOf('status'), description: 'The status of the alerts.' }),
      count: t.expose('count', { type: 'SafeInt', description: 'Number of alerts, at least one.' }),
    }),
  });
  types.builder.queryField('alertCounts', (t) =>
    t.field({
      authScopes: { read: true },
      type: [count],
      description:
        'Number of alerts per type, severity and status. Worst severity first, then open ' +
        'before acknowledged before resolved. Combinations without alerts are omitted.',
      args: {
        filter: t.arg({
          type: filterInput(types, alerts),
          description: 'Only items that match this filter. Default: all.',
        }),
      },
      resolve: (_root, { filter }, context) => countAlerts(context, readFilter(alerts, filter)),
    }),
  );
}

async function countAlerts({ projectId, services }: Context, filter: Filter | null): Promise<AlertCount[]> {
  const rows = await selectScope(services.store, { table: alerts, projectId, filter })
    .select(['type', 'severity', 'status', sql<unknown>`count(*)`.as('count')])
    .groupBy(['type', 'severity', 'status'])
    .execute();
  return rows
    .map(({ type, severity, status, count }) => ({
      type: String(type),
      severity: String(severity),
      status: String(status),
      count: Number(count),
    }))
    .sort(worstFirst);
}

const STATUSES = Object.keys(ALERT_STATUSES);
const TYPES = Object.keys(ALERT_TYPES);

function worstFirst(one: AlertCount, other: AlertCount): number {
  return (
    severityRank(other.severity) - severityRank(one.severity) ||
    STATUSES.indexOf(one.status) - STATUSES.indexOf(other.status) ||
    TYPES.indexOf(one.type) - TYPES.indexOf(other.type)
  );
}
