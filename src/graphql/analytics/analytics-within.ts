import type { Analytics } from '../../analytics/analytics.ts';
import type { Scope } from '../../analytics/spec.ts';

/** Narrows the rows of a question. */
type Narrow = <Asked extends Omit<Scope, 'range'>>(scope: Asked) => Asked;

/** Analytics that narrow the rows of each question. `keptRows` does not depend on rows. */
export function analyticsWithin(analytics: Analytics, within: Narrow): Analytics {
  return {
    totals: async (scope, ...rest) => analytics.totals(within(scope), ...rest),
    groups: async (scope, ...rest) => analytics.groups(within(scope), ...rest),
    series: async (scope, ...rest) => analytics.series(within(scope), ...rest),
    distribution: async (scope, ...rest) => analytics.distribution(within(scope), ...rest),
    presence: async (scope, ...rest) => analytics.presence(within(scope), ...rest),
    occurrences: async (scope, ...rest) => analytics.occurrences(within(scope), ...rest),
    ends: async (scope, ...rest) => analytics.ends(within(scope), ...rest),
    windows: async (scope, ...rest) => analytics.windows(within(scope), ...rest),
    keptRows: (scope) => analytics.keptRows(scope),
  };
}
