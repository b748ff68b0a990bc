import { expect, it } from 'vitest';
import { columnOf } from '../../src/core/dataset/table.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { indexesOf } from '../storage/support/indexes.ts';
import { useStores } from '../storage/support/stores.ts';
import { describeEachDatabase } from '../support/databases.ts';

describeEachDatabase('the indexed columns of datasets', (database) => {
  const stores = useStores(database);

  it('are those for which an index finds the rows with one value, in order of time or few of them', async () => {
    const store = await stores.open();
    for (const dataset of datasets) {
      const indexes = await indexesOf(store, dataset.table);
      const found = indexes.flatMap((index) => {
        const [project, key, time] = index.split(',');
        return project === 'project_id' && (time === 'timestamp' || time === undefined) ? [key] : [];
      });
      const declared = (dataset.indexed ?? []).map((name) => columnOf(dataset, name).sqlName);
      expect(new Set(found), dataset.name).toEqual(new Set(['id', 'timestamp', ...declared]));
    }
  });
});
