import type { Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import type { Analytics } from '../../analytics/analytics.ts';
import type { Scope } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';

/**
 * The analytics as a read token may use them: every question is about the rows that it opens. The
 * promises reject with FORBIDDEN for datasets that it does not open.
 */
export function visibleAnalytics(analytics: Analytics, caller: Pick<Caller, 'rows'>): Analytics {
  function within<Asked extends Omit<Scope, 'range'>>(scope: Asked): Asked {
    return { ...scope, filter: both(visibleRows(caller, scope.dataset), scope.filter) };
  }

  return {
    totals: async (scope, ...rest) => analytics.totals(within(scope), ...rest),
    groups: async (scope, ...rest) => analytics.groups(within(scope), ...rest),
    series: async (scope, ...rest) => analytics.series(within(scope), ...rest),
    distribution: async (scope, ...rest) => analytics.distribution(within(scope), ...rest),
    presence: async (scope, ...rest) => analytics.presence(within(scope), ...rest),
    occurrences: async (scope, ...rest) => analytics.occurrences(within(scope), ...rest),
    ends: async (scope, ...rest) => analytics.ends(within(scope), ...rest),
    windows: async (scope, ...rest) => analytics.windows(within(scope), ...rest),
    // Says what retention keeps of the dataset, whatever the rows.
    async keptRows(scope) {
      visibleRows(caller, scope.dataset);
      return analytics.keptRows(scope);
    },
  };
}
