import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where Debian, PGDG's packages and Homebrew install the programs of PostgreSQL. */
const FOLDERS = ['17', '16', '15'].flatMap((version) => [
  `/usr/lib/postgresql/${version}/bin`,
  `/usr/pgsql-${version}/bin`,
  `/opt/homebrew/opt/postgresql@${version}/bin`,
]);

export const NO_CITUS =
  'Citus is not installed. CITUS_BINARIES names the folder of the programs of a PostgreSQL that has it.';

/**
 * The folder of the programs of a PostgreSQL with Citus: that of CITUS_BINARIES, or the first of
 * the usual folders that has it. Null if there is none.
 *
 * @returns {string | null}
 */
export function findCitus(given = process.env['CITUS_BINARIES'] || '') {
  return (given === '' ? FOLDERS : [given]).find(hasCitus) ?? null;
}

/** @param {string} binaries */
function hasCitus(binaries) {
  const config = join(binaries, 'pg_config');
  if (!existsSync(join(binaries, 'postgres')) || !existsSync(config)) return false;
  const folder = execFileSync(config, ['--pkglibdir'], { encoding: 'utf8' }).trim();
  return ['citus.so', 'citus.dylib'].some((library) => existsSync(join(folder, library)));
}
