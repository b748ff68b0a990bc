import type { Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import type { Analytics } from '../../analytics/analytics.ts';
import type { Scope } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';
import { analyticsWithin } from './analytics-within.ts';

/**
 * The analytics as a read token may use them: every question is about the rows that it opens. The
 * promises reject with FORBIDDEN for datasets that it does not open.
 */
export function visibleAnalytics(analytics: Analytics, caller: Pick<Caller, 'rows'>): Analytics {
  function within<Asked extends Omit<Scope, 'range'>>(scope: Asked): Asked {
    return { ...scope, filter: both(visibleRows(caller, scope.dataset), scope.filter) };
  }

  return {
    ...analyticsWithin(analytics, within),
    // Says what retention keeps of the dataset, whatever the rows.
    async keptRows(scope) {
      visibleRows(caller, scope.dataset);
      return analytics.keptRows(scope);
    },
  };
}
