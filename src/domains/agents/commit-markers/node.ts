import { isWithin } from '../../../core/filter.ts';
import type { Interval } from '../../../core/time/range.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Analysis } from '../../../graphql/dataset/analysis.ts';
import { analyticsType, answeredRange } from '../../../graphql/dataset/analytics.ts';
import { connectionType } from '../../../graphql/dataset/connection.ts';
import { listArguments, resolveConnection } from '../../../graphql/dataset/list.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { gitCommits } from '../git-commits/definition.ts';

/** Adds `commits` to the analytics of every dataset: what changed the software while the numbers beside it came up. */
export function addCommitMarkers(parts: Parts): void {
  for (const dataset of parts.datasets) {
    parts.builder.objectField(analyticsType(parts, dataset), 'commits', (t) =>
      t.field({
        type: connectionType(parts, gitCommits),
        description:
          'The commits that were made in `range`, as markers beside the points of `series`: the newest first, unless `orderBy` says ' +
          'otherwise. `totalCount` says how many there are, beyond the page too. `filter` is about the commits; that of the analytics is not.',
        args: listArguments(parts, gitCommits, t.arg),
        resolve: async (analysis, args, context, info) => {
          const range = await answeredRange(analysis, context.services.analytics);
          await noteExpired(analysis, range, context);
          return resolveConnection(gitCommits, args, context, info, isWithin('timestamp', range));
        },
      }),
    );
  }
}

/** Commits are kept for good unless a retention policy says otherwise: then `extensions.kept` tells, or, with `exact`, it is an error. */
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
