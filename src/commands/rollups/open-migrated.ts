import type { Config } from '../../config/config.ts';
import { TelltaleError } from '../../core/errors.ts';
import { type Maintenance, openForMaintenance } from '../../maintenance.ts';

/**
 * Opens a database that has the schema of this version.
 *
 * @throws TelltaleError CONFLICT if it has another
 */
export async function openMigrated(config: Config): Promise<Maintenance> {
  const maintenance = await openForMaintenance(config);
  const { missingMigrations } = maintenance;
  if (missingMigrations?.length === 0) return maintenance;
  await maintenance.close();
  throw new TelltaleError(
    'CONFLICT',
    missingMigrations === null
      ? 'The database is damaged: telltale verify says what is affected.'
      : `The database lacks ${missingMigrations.length} migrations of this version: run telltale migrate first.`,
  );
}
