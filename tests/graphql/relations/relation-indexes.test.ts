import { isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import type { SeeksRows } from '../../../src/graphql/relations/relation-to-many.ts';
import { createSchema } from '../../../src/schema.ts';
import { indexesOf } from '../../storage/support/indexes.ts';
import { useStores } from '../../storage/support/stores.ts';
import { describeEachDatabase } from '../../support/databases.ts';

/** The keys of the relations to many rows. */
function soughtRows(): SeeksRows['telltaleSeeks'][] {
  const objects = Object.values(createSchema().getTypeMap()).filter(isObjectType);
  return objects
    .flatMap((type) => Object.values(type.getFields()))
    .flatMap(({ extensions }) => (extensions as Partial<SeeksRows>).telltaleSeeks ?? []);
}

describeEachDatabase('relations to many rows', (database) => {
  const stores = useStores(database);

  it('have an index on project, key and time, which finds the first pages of many parents', async () => {
    const store = await stores.open();
    const sought = soughtRows();
    expect(sought.length).toBeGreaterThan(10);
    for (const { table, columns } of sought) {
      const wanted = ['project_id', ...columns].join(',');
      const indexes = await indexesOf(store, table);
      expect(
        indexes.some((index) => index === wanted || index.startsWith(`${wanted},`)),
        `${table}: ${wanted}; there are ${indexes.join(' and ')}`,
      ).toBe(true);
    }
  });
});
