import { enumValues } from '../../../graphql/entities/column-types.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Policy, PolicySource } from '../../../retention/policy.ts';

/** Adds `retentionPolicies`. */
export function addRetentionPolicies(types: TypeRegistry): void {
  types.builder.queryField('retentionPolicies', (t) =>
    t.field({
      authScopes: { read: true },
      type: [retentionPolicy(types)],
      description: 'How long the project keeps the data of each dataset, one policy per dataset.',
      resolve: (_root, _args, { projectId, services }) => services.retention.policies.ofProject(projectId),
    }),
  );
}

export function retentionPolicy(types: TypeRegistry) {
  return types.once('RetentionPolicy', (builder) => {
    const source = sourceType(types);
    return builder.objectRef<Policy>('RetentionPolicy').implement({
      description:
        'How long the project keeps the data of a dataset. Retention removes whole UTC days, ' +
        'at start and every hour; today does not count. The totals of removed rows remain in ' +
        'the rollup cells, as long as those are kept. Removed data does not come back.',
      fields: (t) => ({
        dataset: t.string({
          description: 'The dataset, for example "llmCalls".',
          resolve: ({ dataset }) => dataset.name,
        }),
        rowDays: t.int({
          nullable: true,
          description:
            'Days to keep rows after their timestamp, or after their receipt if that is later; ' +
            'null: forever.',
          resolve: ({ days }) => days.rows,
        }),
        minuteDays: t.int({
          nullable: true,
          description: 'Days to keep totals per minute; null: forever.',
          resolve: ({ days }) => days.MINUTE,
        }),
        hourDays: t.int({
          nullable: true,
          description: 'Days to keep totals per hour; null: forever.',
          resolve: ({ days }) => days.HOUR,
        }),
        dayDays: t.int({
          nullable: true,
          description: 'Days to keep totals per day; null: forever.',
          resolve: ({ days }) => days.DAY,
        }),
        source: t.expose('source', { type: source, description: 'The source of the policy.' }),
        oldestRow: t.field({
          type: 'DateTime',
          nullable: true,
          description: 'Time of the oldest row of the project in the dataset; null if there is none.',
          resolve: ({ dataset }, _args, { projectId, services }) =>
            services.retention.oldestRow(projectId, dataset),
        }),
        rowsSince: t.field({
          type: 'DateTime',
          nullable: true,
          description:
            'The time from which rows are complete: earlier ones were removed. Null if none ' +
            'were removed. Analytics do not read rows before this time.',
          resolve: ({ dataset }, _args, { projectId, services }) =>
            services.retention.rowsSince(projectId, dataset),
        }),
      }),
    });
  });
}

const SOURCES: Readonly<Record<PolicySource, string>> = {
  DECLARED: 'The declaration of the dataset.',
  ENVIRONMENT: '`rowDays` comes from RETENTION_DAYS, the rest from the declaration of the dataset.',
  OVERRIDE: 'Set for the project by `setRetentionPolicy`.',
};

function sourceType({ builder }: TypeRegistry) {
  return builder.enumType('RetentionSource', {
    description: 'The source of a retention policy.',
    values: enumValues(SOURCES),
  });
}
