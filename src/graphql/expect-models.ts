import type { EntityTable } from '../core/dataset/table.ts';
import { getDatamodel } from '../generated/pothos-types.ts';

/**
 * Finds a declaration whose model was forgotten, with words of ours: Pothos would speak of its
 * DMMF.
 *
 * @throws Error when prisma/models has no model of the table's entity.
 */
export function expectModels(tables: readonly Pick<EntityTable, 'name' | 'entity'>[]): void {
  const { models } = getDatamodel().datamodel;
  for (const { name, entity } of tables) {
    if (entity in models) continue;
    throw new Error(
      `prisma/models has no model ${entity}, which ${name} is declared with. Write it, then npm run migration:new -- <name>.`,
    );
  }
}
