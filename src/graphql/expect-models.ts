import type { EntityTable } from '../core/dataset/table.ts';
import { getDatamodel } from '../generated/pothos-types.ts';

/**
 * Checks that every declaration has a Prisma model. Without this check Pothos would fail with a
 * message about its DMMF.
 *
 * @throws Error if prisma/models has no model for the entity of a table.
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
