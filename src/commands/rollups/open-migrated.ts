import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import { type Inspection, openInspection } from '../../inspection.ts';

/**
 * Opens a database that has the schema of this version.
 *
 * @throws TelltaleError CONFLICT if it has another
 */
export async function openMigrated(config: Config): Promise<Inspection> {
  const inspection = await openInspection(config);
  const { missingMigrations } = inspection;
  if (missingMigrations?.length === 0) return inspection;
  await inspection.close();
  throw new TelltaleError(
    'CONFLICT',
    missingMigrations === null
      ? 'The database is damaged: telltale verify says what is affected.'
      : `The database lacks ${missingMigrations.length} migrations of this version: run telltale migrate first.`,
  );
}
