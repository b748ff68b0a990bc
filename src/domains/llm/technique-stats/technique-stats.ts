import type { Group } from '../../../analytics/spec.ts';
import { textOf } from '../../../core/dataset/named-values.ts';
import { techniqueUsages } from '../../../declarations/llm/technique-usages.ts';
import { costsAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { meanOf, rate } from '../../../graphql/analytics/stats-values.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { readsRowsOf } from '../../../graphql/read-scopes.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

const DEFAULT_FIRST = 100;
const DIMENSIONS = ['techniqueSuite', 'potencyLevel'] as const;
const MEASURES = [{ measure: 'transformersCount', quantiles: [] }];

/** A suite at one potency, with the number of all uses in the range. */
interface TechniqueStats extends Group {
  readonly allUses: number;
}

/** Adds `techniqueStats`. */
export function addTechniqueStats(types: TypeRegistry): void {
  const type = techniqueStatsType(types);
  types.builder.queryField('techniqueStats', (t) =>
    t.field({
      authScopes: readsRowsOf(techniqueUsages),
      type: [type],
      description: 'Success of each suite of prompt techniques at each potency. Most uses first.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        archive: t.arg.boolean(ARCHIVE),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: 'Maximum number of items, 1 to 1,000. The rest is omitted.',
        }),
      },
      extensions: costsAnalyses({
        datasets: [techniqueUsages],
        dimensions: [...DIMENSIONS],
        groups: DEFAULT_FIRST,
      }),
      resolve: async (_root, args, context): Promise<TechniqueStats[]> => {
        const { projectId, services } = reachingArchive(context, args);
        const range = readTimeRange(args.range, services.clock.now());
        const scope = { dataset: techniqueUsages, projectId, range, filter: null };
        const options = {
          dimensions: DIMENSIONS,
          orderBy: { by: 'count', direction: 'desc' },
          first: args.first ?? DEFAULT_FIRST,
        } as const;
        const [groups, totals] = await Promise.all([
          services.analytics.groups(scope, MEASURES, options),
          services.analytics.totals(scope, []),
        ]);
        return groups.value.map((group) => ({ ...group, allUses: totals.value.rowCount }));
      },
    }),
  );
}

function techniqueStatsType({ builder }: TypeRegistry) {
  return builder.objectRef<TechniqueStats>('TechniqueStats').implement({
    description: 'The success of one suite of prompt techniques at one potency in a time range.',
    fields: (t) => ({
      techniqueSuite: t.string({
        description: 'The suite.',
        resolve: ({ dimensions }) => textOf(dimensions, 'techniqueSuite'),
      }),
      potencyLevel: t.int({
        description: 'How strongly it was applied, 1 to 10.',
        resolve: ({ dimensions }) => Number(dimensions['potencyLevel']),
      }),
      uses: t.field({
        type: 'SafeInt',
        description: 'Number of uses.',
        resolve: ({ stats }) => stats.rowCount,
      }),
      successRate: t.float({
        nullable: true,
        description: 'Share of the uses that reached their goal, 0 to 1.',
        resolve: ({ stats }) => rate(stats.successCount, stats.rowCount),
      }),
      averageTransformers: t.float({
        nullable: true,
        description: 'Mean number of prompt transformers.',
        resolve: ({ stats }) => meanOf(stats, 'transformersCount'),
      }),
      shareOfUses: t.float({
        description: 'Share of all uses of the range, 0 to 1.',
        resolve: ({ stats, allUses }) => stats.rowCount / allUses,
      }),
    }),
  });
}
