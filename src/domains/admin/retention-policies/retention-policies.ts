import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { Policy, PolicySource } from '../../../retention/policy.ts';

/** Adds `retentionPolicies`. */
export function addRetentionPolicies(types: TypeRegistry): void {
  types.builder.queryField('retentionPolicies', (t) =>
    t.field({
      type: [retentionPolicy(types)],
      description: 'How long the project keeps what each dataset holds, one policy per dataset.',
      resolve: (_root, _args, { projectId, services }) => services.retention.policies.ofProject(projectId),
    }),
  );
}

export function retentionPolicy(types: TypeRegistry) {
  return types.once('RetentionPolicy', (builder) => {
    const source = sourceType(types);
    return builder.objectRef<Policy>('RetentionPolicy').implement({
      description:
        'How long the project keeps what a dataset holds. Whole days in UTC are removed, at start and every hour; today does not ' +
        'count. What rows had to say stays in the cells, as long as those stay. What was removed does not come back.',
      fields: (t) => ({
        dataset: t.string({
          description: 'The dataset, for example "llmCalls".',
          resolve: ({ dataset }) => dataset.name,
        }),
        rowDays: t.int({
          nullable: true,
          description:
            'Days that rows stay after they happened, and after they came if that was later; null: for ever.',
          resolve: ({ days }) => days.rows,
        }),
        minuteDays: t.int({
          nullable: true,
          description: 'Days that totals per minute stay; null: for ever.',
          resolve: ({ days }) => days.MINUTE,
        }),
        hourDays: t.int({
          nullable: true,
          description: 'Days that totals per hour stay; null: for ever.',
          resolve: ({ days }) => days.HOUR,
        }),
        dayDays: t.int({
          nullable: true,
          description: 'Days that totals per day stay; null: for ever.',
          resolve: ({ days }) => days.DAY,
        }),
        source: t.expose('source', { type: source, description: 'Where the policy comes from.' }),
        oldestRow: t.field({
          type: 'DateTime',
          nullable: true,
          description: 'Time of the oldest row that the project has in the dataset; null when it has none.',
          resolve: ({ dataset }, _args, { projectId, services }) =>
            services.retention.oldestRow(projectId, dataset),
        }),
        rowsSince: t.field({
          type: 'DateTime',
          nullable: true,
          description:
            'From when rows are all there: earlier ones were removed. Null when none ever were. Analytics do not read rows before it.',
          resolve: ({ dataset }, _args, { projectId, services }) =>
            services.retention.rowsSince(projectId, dataset),
        }),
      }),
    });
  });
}

const SOURCES: Readonly<Record<PolicySource, string>> = {
  DECLARED: 'What the dataset declares.',
  ENVIRONMENT: '`rowDays` is that of RETENTION_DAYS, the rest is what the dataset declares.',
  OVERRIDE: 'Set for the project by `setRetentionPolicy`.',
};

function sourceType({ builder }: TypeRegistry) {
  return builder.enumType('RetentionSource', {
    description: 'Where a retention policy comes from.',
    values: Object.fromEntries(
      Object.entries(SOURCES).map(([name, description]) => [name, { description }]),
    ) as Record<PolicySource, { description: string }>,
  });
}
