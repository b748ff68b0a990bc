import type { Group, Scope, Series, Stats } from '../../../analytics/spec.ts';
import { InvalidArgument } from '../../../core/errors.ts';
import type { Filter } from '../../../core/filter.ts';
import { textValue } from '../../../core/filter-value.ts';
import type { AskedRange, Interval } from '../../../core/time/range.ts';
import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { type Asked, answered } from '../../../graphql/analytics/source.ts';
import type { Context } from '../../../graphql/context.ts';

/**
 * Statistics of the commits of a range. Each question is asked only if it is selected, and only
 * once.
 */
export interface CommitActivity {
  readonly range: Interval;
  /** The questions asked so far. */
  readonly asked: Asked;
  totals(): Promise<Stats>;
  /** Most commits first. */
  groups(dimensions: readonly string[], first: number): Promise<readonly Group[]>;
  /** Every day that the range touches, oldest first; days whose data has expired are omitted. */
  days(): Promise<Series['points']>;
}

export interface CommitQuestion {
  readonly range: AskedRange;
  readonly timeZone: string;
  /** Null for all repositories. */
  readonly repository: string | null;
}

const MEASURES = ['filesChanged', 'linesAdded', 'linesDeleted'].map((measure) => ({
  measure,
  quantiles: [],
}));

export function createCommitActivity(
  { projectId, services: { analytics } }: Context,
  { range, timeZone, repository }: CommitQuestion,
): CommitActivity {
  const filter = repository === null ? null : inRepository(repository);
  const scope: Scope = { dataset: gitCommits, projectId, range, filter };
  const asked: Asked = [];
  let totals: Promise<Stats> | undefined;
  return {
    range,
    asked,
    totals: () => (totals ??= answered(asked, analytics.totals(scope, MEASURES))),
    groups(dimensions, first) {
      const orderBy = { by: 'count', direction: 'desc' } as const;
      return answered(asked, analytics.groups(scope, MEASURES, { dimensions, orderBy, first }));
    },
    days() {
      const options = { grain: 'DAY', timeZone, dimensions: [], top: 1, fill: 'ZERO' } as const;
      return daysOf(answered(asked, analytics.series(scope, MEASURES, options)));
    },
  };
}

async function daysOf(answer: Promise<readonly Series[]>): Promise<Series['points']> {
  try {
    const [all] = await answer;
    return all?.points ?? [];
  } catch (error) {
    // This query has no argument `grain`.
    if (!(error instanceof InvalidArgument) || error.details['argument'] !== 'grain') throw error;
    throw new InvalidArgument('`byDay` has at most 1,000 days. Ask for a shorter range.', 'range');
  }
}

function inRepository(repository: string): Filter {
  const value = textValue(repository, 'repository');
  return { kind: 'test', field: 'repository', operator: 'eq', value, negated: false };
}
