import type { Presence, SeriesOptions } from '../../analytics/spec.ts';
import type { Dataset } from '../../core/dataset/dataset.ts';
import type { ObjectType } from '../builder.ts';
import { costs } from '../limits/field-cost.ts';
import type { TypeRegistry } from '../type-registry.ts';
import type { Analysis } from './analysis.ts';
import { costOfSeries } from './analytics-cost.ts';
import { answered } from './source.ts';
import { bucketArgs } from './time-grain.ts';

/** The dimension that names users. */
const USER = 'endUser';

/** The users of a time bucket, and how many the previous bucket had. */
interface UserPoint extends Presence {
  /** Null for the first bucket. */
  readonly before: number | null;
}

/** Adds `users` to the analytics of a dataset whose events name users. */
export function addUsers(types: TypeRegistry, dataset: Dataset, type: ObjectType<Analysis>): void {
  if (!dataset.dimensions.some(({ name }) => name === USER)) return;
  types.builder.objectField(type, 'users', (t) =>
    t.field({
      type: [userPoint(types)],
      description:
        'Number of distinct users (`endUser`) per time bucket, and how many of them return in the ' +
        'next one, oldest first. The numbers are exact. Events without a user do not count. For ' +
        'the number of users by other dimensions, or beside other numbers, query ' +
        '`countDistinct(dimension: END_USER)` in `series`.',
      args: bucketArgs(types, { grain: 'WEEK' }),
      extensions: costs<Analysis>(({ args, from: { scope } }) => {
        const asked = { ...scope, dimensions: [USER], measures: [], groups: 1 };
        return { rows: costOfSeries({ ...asked, ...optionsOf(args) }), whole: true };
      }),
      resolve: async (analysis, args, { services }) => {
        const asked = services.analytics.presence(analysis.scope, USER, optionsOf(args));
        const points = await answered(analysis.answers, asked);
        return points.map((point, index) => ({ ...point, before: points[index - 1]?.values ?? null }));
      },
    }),
  );
}

interface UsersArguments {
  readonly grain?: SeriesOptions['grain'] | null | undefined;
  readonly timeZone?: string | null | undefined;
}

/** An explicit null means the default. */
const optionsOf = ({ grain, timeZone }: UsersArguments) => ({
  grain: grain ?? 'WEEK',
  timeZone: timeZone ?? 'UTC',
});

function userPoint(types: TypeRegistry) {
  return types.once('UserPoint', (builder) =>
    builder.objectRef<UserPoint>('UserPoint').implement({
      description: 'The users of one time bucket.',
      fields: (t) => ({
        start: t.expose('start', { type: 'DateTime', description: 'Start of the bucket.' }),
        end: t.expose('end', { type: 'DateTime', description: 'End of the bucket, exclusive.' }),
        users: t.expose('values', { type: 'SafeInt', description: 'Number of distinct users.' }),
        returned: t.expose('returned', {
          type: 'SafeInt',
          nullable: true,
          description:
            'How many of these users were also in the previous bucket. Null for the first bucket, ' +
            'because the one before it is outside the range.',
        }),
        returnRate: t.float({
          nullable: true,
          description:
            'The share of the previous bucket’s users that returned, 0 to 1: `returned` divided by ' +
            'their number. Null for the first bucket, and if the previous bucket had no users.',
          resolve: ({ returned, before }) => (returned === null || !before ? null : returned / before),
        }),
      }),
    }),
  );
}
