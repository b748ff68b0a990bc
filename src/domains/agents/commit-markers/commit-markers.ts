import { isWithin } from '../../../core/build-filter.ts';
import type { Interval } from '../../../core/time/range.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import type { Analysis } from '../../../graphql/analytics/analysis.ts';
import { analyticsType, answeredRange } from '../../../graphql/analytics/analytics.ts';
import type { Context } from '../../../graphql/context.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
import { costsConnection } from '../../../graphql/limits/field-cost.ts';
import { connectionType } from '../../../graphql/lists/connection.ts';
import { listArguments, resolveConnection } from '../../../graphql/lists/list.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/**
 * Adds `commits` to the analytics of every dataset: the changes of the software in the same range.
 */
export function addCommitMarkers(types: TypeRegistry): void {
  for (const dataset of types.datasets) {
    types.builder.objectField(analyticsType(types, dataset), 'commits', (t) =>
      t.connection(
        {
          type: entityType(types, gitCommits),
          extensions: costsConnection,
          description:
            'The commits made in `range`, as markers beside the points of `series`. Newest ' +
            'first, unless `orderBy` says otherwise. `totalCount` counts the commits on all ' +
            'pages. This `filter` applies to the commits; the filter of the analytics does not.',
          args: listArguments(types, gitCommits, t.arg),
          resolve: async (analysis, args, context, info) => {
            const range = await answeredRange(analysis, context.services.analytics);
            await noteExpired(analysis, range, context);
            const within = isWithin('timestamp', range);
            return resolveConnection({ table: gitCommits, args, within }, context, info);
          },
        },
        connectionType(types, gitCommits),
      ),
    );
  }
}

/**
 * Commits are kept forever unless a retention policy says otherwise. Expired ones are then
 * reported in `extensions.kept`, or, with `exact`, are an error.
 */
async function noteExpired(
  { scope }: Analysis,
  range: Interval,
  { projectId, services }: Context,
): Promise<void> {
  if (range.from === range.to) return;
  await services.analytics.keptRows({
    dataset: gitCommits,
    projectId,
    range: { ...range, ...(scope.range.exact && { exact: true }) },
  });
}
