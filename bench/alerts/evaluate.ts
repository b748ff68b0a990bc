import type { RuleQuestion } from '../../src/alerting/rules/rule.ts';
import type { Analytics } from '../../src/analytics/analytics.ts';
import type { Source, Stats } from '../../src/analytics/spec.ts';
import type { Interval } from '../../src/core/time/range.ts';
import { END } from '../analytics/rows.ts';
import { fromSource } from '../lib/paths.ts';

const { wantedMeasures } = await fromSource<typeof import('../../src/alerting/rules/value-from.ts')>(
  'alerting/rules/value-from.ts',
);

/** The result of one evaluation of a rule. */
export interface Found {
  readonly stats: readonly Stats[];
  readonly source: Source;
}

/** Queries like an evaluation: the totals of the window, or the statistics of its groups. */
export async function evaluate(
  analytics: Analytics,
  question: RuleQuestion,
  range: Interval = { from: END - question.windowMs, to: END },
): Promise<Found> {
  const scope = { dataset: question.dataset, projectId: 'default', range, filter: question.filter };
  const wanted = wantedMeasures(question);
  if (question.groupBy.length === 0) {
    const { value, source } = await analytics.totals(scope, wanted);
    return { stats: [value], source };
  }
  const options = { orderBy: { by: 'count', direction: 'desc' }, first: 1000 } as const;
  const { value, source } = await analytics.groups(scope, wanted, {
    ...options,
    dimensions: question.groupBy,
  });
  return { stats: value.map(({ stats }) => stats), source };
}

/** @throws Error if the two evaluations found different groups or numbers of events. */
export function assertSameFound(question: RuleQuestion, one: Found, other: Found): void {
  const counts = ({ stats }: Found): string => JSON.stringify(stats.map(({ rowCount }) => rowCount));
  if (counts(one) === counts(other)) return;
  throw new Error(`${question.aggregate} by ${question.groupBy}: ${counts(one)} is not ${counts(other)}`);
}
