import type { Caller } from '../../access/caller.ts';
import { visibleRows } from '../../access/visible-rows.ts';
import type { Analytics } from '../../analytics/analytics.ts';
import type { Scope } from '../../analytics/spec.ts';
import { both } from '../../core/build-filter.ts';
import { analyticsWithin } from './analytics-within.ts';

/**
 * Analytics for a read token: every question covers only the rows that the token may read. Promises
 * reject with FORBIDDEN for datasets that it may not read.
 */
export function visibleAnalytics(analytics: Analytics, caller: Pick<Caller, 'rows'>): Analytics {
  function within<Asked extends Omit<Scope, 'range'>>(scope: Asked): Asked {
    return { ...scope, filter: both(visibleRows(caller, scope.dataset), scope.filter) };
  }

  return {
    ...analyticsWithin(analytics, within),
    // What retention keeps of a dataset does not depend on the rows.
    async keptRows(scope) {
      visibleRows(caller, scope.dataset);
      return analytics.keptRows(scope);
    },
  };
}
