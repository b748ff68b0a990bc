import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { isOneOf } from '../../src/core/build-filter.ts';
import { columnOf } from '../../src/core/dataset/table.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { type ListScope, selectScope } from '../../src/lists/list-page.ts';
import type { Page } from '../../src/lists/page.ts';
import { firstTimes } from '../../src/lists/probe.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { queryPlan } from '../support/query-plan.ts';

/** Each dataset without a filter, and with each of its indexed columns. */
const CASES = datasets.flatMap((dataset) =>
  [null, ...(dataset.indexed ?? [])].map((key) => ({ dataset, key, name: `${dataset.name} by ${key}` })),
);

describeOnlyOn('sqlite', 'a probe of the first rows of a list', (database) => {
  const opened = useStore(database);

  it.each(CASES)('reads only an index: $name', async ({ dataset, key }) => {
    const { store } = opened;
    const scope: ListScope = {
      ...{ table: dataset, projectId: 'default' },
      filter: key === null ? null : isOneOf(key, ['a']),
    };
    const order = { column: columnOf(dataset, 'timestamp'), direction: 'desc' } as const;
    const page: Page = { order, limit: 2, backward: false, after: null, before: null };
    const count = await queryPlan(
      store,
      selectScope(store, scope).select(sql`1`.as('one')).limit(9).compile(),
    );
    expect(count).toEqual([expect.stringMatching(/^SEARCH \w+ USING COVERING INDEX /)]);
    // A request has few events, so their index need not contain the time.
    if (key === 'requestId') return;
    const index = key === null ? '' : `${columnOf(dataset, key).sqlName}_`;
    const name = `${dataset.table}_project_id_${index}timestamp_idx`;
    const times = await queryPlan(store, firstTimes(store, scope, page).limit(9).compile());
    expect(times).toEqual([expect.stringContaining(`USING COVERING INDEX ${name}`)]);
  });
});
