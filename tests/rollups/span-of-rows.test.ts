import { expect, it } from 'vitest';
import { datasets } from '../../src/declarations/registry.ts';
import { spanOfRows, spanQuery } from '../../src/rollups/stored-rows.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { describeOnlyOn } from '../support/databases.ts';
import { queryPlan } from '../support/query-plan.ts';

describeOnlyOn('sqlite', 'the span of the rows of a project', (database) => {
  const opened = useStore(database);

  it.each(datasets)('is found by two seeks in the index on time: $name', async (dataset) => {
    const { store } = opened;
    const plan = await queryPlan(store, spanQuery(store.query, dataset, 'default').compile());
    const seeks = plan.filter((step) => step.includes(`${dataset.table}_project_id_timestamp_idx`));
    expect(seeks).toHaveLength(2);
    expect(await spanOfRows(store.query, dataset, 'nobody')).toBeNull();
  });
});
