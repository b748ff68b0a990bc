import { analyticsSource, rangeBeside, sourceBeside } from '../../../graphql/analytics/source.ts';
import { readTimeRange, timeRange, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { ObjectType } from '../../../graphql/builder.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type CommitActivity, createCommitActivity } from './read-commits.ts';
import { addCounts, commitsOfAgentType, commitsOfBranchType, commitsOfDayType } from './types.ts';

const DEFAULT_FIRST = 100;

/** Adds `commitActivity`. */
export function addCommitActivity(types: TypeRegistry): void {
  const type = commitActivityType(types);
  types.builder.queryField('commitActivity', (t) =>
    t.field({
      type,
      description:
        'Commits and lines in a range of time: in all, per agent, per branch, per day. Only what is selected is asked. The ' +
        'commits themselves, newest first, are in `gitCommits`; `gitCommitRecorded` is the same feed live.',
      args: {
        range: t.arg({ type: timeRangeInput(types), required: true, description: 'From when to when.' }),
        timeZone: t.arg({
          type: 'TimeZone',
          defaultValue: 'UTC',
          description: 'Days are those of this zone, daylight saving included.',
        }),
        repository: t.arg.string({ description: 'Only this repository; default: all.' }),
      },
      resolve: (_root, { range, timeZone, repository }, context) =>
        createCommitActivity(context, {
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
  const firstOf = (what: string) => `How many ${what}, 1 to 1,000. The rest is left out.`;
  type.implement({
    description: 'What the commits of a range of time amount to.',
    fields: (t) => ({
      range: t.field({
        type: timeRange(types),
        description:
          'The range that the numbers are about: the one that was asked for, unless something of it has expired. `source` says what.',
        resolve: ({ asked, range }) => rangeBeside(asked, range),
      }),
      source: t.field({
        type: analyticsSource(types),
        nullable: true,
        description: 'Where the numbers beside this field came from; null when none is selected.',
        resolve: ({ asked }) => sourceBeside(asked),
      }),
      byAgent: t.field({
        type: [commitsOfAgentType(types)],
        description: 'Per agent, most commits first.',
        args: { first: t.arg.int({ defaultValue: DEFAULT_FIRST, description: firstOf('agents') }) },
        resolve: (activity, { first }) => activity.groups(['agentId'], first ?? DEFAULT_FIRST),
      }),
      byBranch: t.field({
        type: [commitsOfBranchType(types)],
        description: 'Per branch of a repository, most commits first.',
        args: { first: t.arg.int({ defaultValue: DEFAULT_FIRST, description: firstOf('branches') }) },
        resolve: (activity, { first }) => activity.groups(['repository', 'branch'], first ?? DEFAULT_FIRST),
      }),
      byDay: t.field({
        type: [commitsOfDayType(types)],
        description: 'Per day, the oldest first, days without commits included; at most 1,000 days.',
        resolve: (activity) => activity.days(),
      }),
    }),
  });
  addCounts(types, type, (activity) => activity.totals());
  return type;
}
