import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { costOfAnalyses, costsGroups } from '../../../graphql/analytics/analytics-cost.ts';
import { ARCHIVE, reachingArchive } from '../../../graphql/analytics/archive-argument.ts';
import { analyticsSource, rangeBeside, sourceBeside } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import { costs } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type CommitActivity, createCommitActivity } from './read-commits.ts';
import { addCounts, commitsOfAgentType, commitsOfBranchType, commitsOfDayType } from './types.ts';

const DEFAULT_FIRST = 100;

/** Adds `commitActivity`. */
export function addCommitActivity(types: TypeRegistry): void {
  const type = commitActivityType(types);
  types.builder.queryField('commitActivity', (t) =>
    t.field({
      authScopes: { read: true },
      type,
      description:
        'Commits and changed lines in a time range: in total, per agent, per branch and per ' +
        'day. Only selected fields are computed. `gitCommits` lists the commits themselves; ' +
        '`gitCommitRecorded` streams them live.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'The time range.' }),
        archive: t.arg.boolean(ARCHIVE),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'The time zone of the calendar days, including daylight saving time.',
        }),
        repository: t.arg.string({ description: 'Only this repository. Default: all.' }),
      },
      extensions: costs(({ args, now }) => {
        const asked = { datasets: [gitCommits], measures: 3, grain: 'DAY' } as const;
        return { rows: costOfAnalyses(asked, args, readTimeRange(args.range, now)) };
      }),
      resolve: (_root, { range, archive, timeZone, repository }, context) =>
        createCommitActivity(reachingArchive(context, { archive }), {
          range: readTimeRange(range, context.services.clock.now()),
          timeZone: timeZone ?? 'UTC',
          repository: repository ?? null,
        }),
    }),
  );
}

function commitActivityType(types: TypeRegistry): ObjectType<CommitActivity> {
  const { builder } = types;
  const type = builder.objectRef<CommitActivity>('CommitActivity');
  const firstOf = (what: string) => `Maximum number of ${what}, 1 to 1,000. The rest is omitted.`;
  type.implement({
    description: 'Statistics of the commits in a time range.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that the numbers cover: the requested range, unless part of it has ' +
          'expired. `source` says which part.',
        resolve: ({ asked, range }) => rangeBeside(asked, range),
      }),
      source: t.field({
        type: analyticsSource(types),
        nullable: true,
        description: 'The source of the numbers beside this field; null if none is selected.',
        resolve: ({ asked }) => sourceBeside(asked),
      }),
      byAgent: t.field({
        type: [commitsOfAgentType(types)],
        description: 'Statistics per agent, most commits first.',
        args: { first: t.arg.int({ defaultValue: DEFAULT_FIRST, description: firstOf('agents') }) },
        extensions: costsGroups(DEFAULT_FIRST),
        resolve: (activity, { first }) => activity.groups(['agentId'], first ?? DEFAULT_FIRST),
      }),
      byBranch: t.field({
        type: [commitsOfBranchType(types)],
        description: 'Statistics per branch of a repository, most commits first.',
        args: { first: t.arg.int({ defaultValue: DEFAULT_FIRST, description: firstOf('branches') }) },
        extensions: costsGroups(DEFAULT_FIRST),
        resolve: (activity, { first }) => activity.groups(['repository', 'branch'], first ?? DEFAULT_FIRST),
      }),
      byDay: t.field({
        type: [commitsOfDayType(types)],
        description: 'Statistics per day, oldest first, including days without commits; at most 1,000 days.',
        resolve: (activity) => activity.days(),
      }),
    }),
  });
  addCounts(types, type, (activity) => activity.totals());
  return type;
}
