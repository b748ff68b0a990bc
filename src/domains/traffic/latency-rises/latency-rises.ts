import { checkBetween } from '../../../core/check-between.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import { durationMs } from '../../../core/time/duration.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { requestLogs } from '../../../declarations/traffic/request-logs.ts';
import { readFilter } from '../../../filter/read-filter.ts';
import { costOfAnalyses } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { readTimeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import { enumValues } from '../../../graphql/entities/column-types.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import { filterInput } from '../../../graphql/lists/filter.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { MAX_CHANGES, readCommits, readReleases } from './read-changes.ts';
import { readRises } from './read-rises.ts';
import { latencyRise } from './rise-type.ts';

const DEFAULT_FIRST = 10;
const DEFAULT_WINDOW = 'P1D';
const DEFAULT_MINIMUM_COUNT = 20;
const DEFAULT_MINIMUM_RISE = 0.1;

/** Adds `latencyRises`. */
export function addLatencyRises(types: TypeRegistry): void {
  const type = latencyRise(types);
  types.builder.queryField('latencyRises', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'The releases or commits after which requests took longer, by the 95th percentile of their ' +
        'latency, largest rise first. For each, the requests since the previous change are ' +
        'compared with those until the next one. A change that merely coincides with another cause ' +
        'of slow requests is listed too.',
      args: {
        range: t.arg({
          type: timeRangeInput(types),
          required: true,
          description:
            `The range of the changes and of the requests. It may contain at most ${MAX_CHANGES} ` +
            'changes.',
        }),
        filter: t.arg({
          type: filterInput(types, requestLogs),
          description: 'Only requests that match this filter, such as those to one endpoint. Default: all.',
        }),
        archive: t.arg.boolean(ARCHIVE),
        by: t.arg({
          type: changeKind(types),
          defaultValue: 'RELEASE',
          description: 'What counts as a change.',
        }),
        commits: t.arg({
          type: filterInput(types, gitCommits),
          description: 'With `by: COMMIT`, only commits that match this filter. Default: all.',
        }),
        window: t.arg({
          type: 'Duration',
          defaultValue: DEFAULT_WINDOW,
          description: 'How far before and after a change requests are compared at most.',
        }),
        minimumCount: t.arg.int({
          defaultValue: DEFAULT_MINIMUM_COUNT,
          description: 'Changes with fewer requests before or after them are omitted.',
        }),
        minimumRise: t.arg.float({
          defaultValue: DEFAULT_MINIMUM_RISE,
          description: 'Smaller rises are omitted. 0.1 is a tenth.',
        }),
        first: t.arg.int({
          defaultValue: DEFAULT_FIRST,
          description: `Maximum number of items, 1 to ${MAX_CHANGES}. The rest is omitted.`,
        }),
      },
      extensions: costs(({ args, now }) => {
        const filter = readFilter(requestLogs, args.filter);
        const asked = { datasets: [requestLogs], dimensions: ['release'], filter };
        const { archive } = args;
        const found = costOfAnalyses(asked, { archive }, readTimeRange(args.range, now));
        // The compared requests lie between changes, so each request is read at most twice.
        return { rows: 3 * found + 2 * MAX_CHANGES, times: MAX_CHANGES };
      }),
      resolve: async (_root, args, asking) => {
        const context = reachingArchive(asking, args);
        const { projectId, services } = context;
        const range = readTimeRange(args.range, services.clock.now());
        const scope = {
          dataset: requestLogs,
          projectId,
          range,
          filter: readFilter(requestLogs, args.filter),
        };
        const changes =
          args.by === 'COMMIT'
            ? await readCommits(context, scope, readFilter(gitCommits, args.commits, 'commits'))
            : await readReleases(context, scope);
        const rises = await readRises(services.analytics, scope, {
          changes,
          windowMs: readWindow(args.window),
          minimumCount: args.minimumCount ?? DEFAULT_MINIMUM_COUNT,
          minimumRise: args.minimumRise ?? DEFAULT_MINIMUM_RISE,
        });
        return rises.slice(0, checkBetween(args.first ?? DEFAULT_FIRST, MAX_CHANGES, 'first'));
      },
    }),
  );
}

/** In milliseconds. */
function readWindow(given: string | null | undefined): number {
  const window = given ?? DEFAULT_WINDOW;
  const milliseconds = durationMs(window);
  if (milliseconds !== null && milliseconds > 0) return milliseconds;
  throw new InvalidArgument(
    `\`window\` must be longer than 0 and without months and years, such as "PT6H", not "${window}".`,
    'window',
  );
}

const KINDS = {
  RELEASE: 'A new value of `release`, at the time of its first request in the range that matches the filter.',
  COMMIT: 'A commit, at the time it was made.',
} as const;

function changeKind({ builder }: TypeRegistry) {
  return builder.enumType('ChangeKind', {
    description: 'What counts as a change of the software.',
    values: enumValues(KINDS),
  });
}
