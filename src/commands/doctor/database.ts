import { existsSync } from 'node:fs';
import { withoutPassword } from '../../config/config.ts';
import { datasets, states } from '../../declarations/registry.ts';
import { openInspection } from '../../storage/create-store.ts';
import { fileOfUrl } from '../../storage/dialect/sqlite/location.ts';
import type { DatabaseFacts, Inspection } from '../../storage/inspection.ts';
import { migrationsFolder, readMigrations } from '../../storage/migrator/files.ts';
import { readHistory } from '../../storage/migrator/history.ts';
import { MigrationError } from '../../storage/migrator/migration.ts';
import { planMigrations } from '../../storage/migrator/plan.ts';
import { failureMessage } from '../failures.ts';
import { showBytes, showCount } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** Whether the database answers, and how its schema relates to this version. */
export type DatabaseState =
  | { readonly kind: 'absent' }
  | { readonly kind: 'unreachable'; readonly reason: string }
  /** A migration that this version does not have, or one that was edited or left unfinished. */
  | { readonly kind: 'unfit'; readonly reason: string; readonly facts: DatabaseFacts }
  | { readonly kind: 'behind'; readonly pending: readonly string[]; readonly facts: DatabaseFacts }
  | { readonly kind: 'current'; readonly version: string; readonly facts: DatabaseFacts };

/** Opens the database for reading, if it exists. The caller closes it. */
export async function probeDatabase(
  url: string,
): Promise<{ readonly state: DatabaseState; readonly inspection: Inspection | null }> {
  if (url.startsWith('file:') && !existsSync(fileOfUrl(url))) {
    return { state: { kind: 'absent' }, inspection: null };
  }
  let inspection: Inspection | null = null;
  try {
    inspection = await openInspection(url);
    return { state: await readState(inspection), inspection };
  } catch (error) {
    await inspection?.close();
    return { state: { kind: 'unreachable', reason: reasonOf(error) }, inspection: null };
  }
}

async function readState(inspection: Inspection): Promise<DatabaseState> {
  const facts = await inspection.facts([...datasets, ...states].map(({ table }) => table));
  const available = await readMigrations(migrationsFolder(inspection.dialect));
  try {
    const pending = planMigrations(available, await readHistory(inspection));
    const version = available.at(-1)?.name ?? '';
    return pending.length === 0
      ? { kind: 'current', version, facts }
      : { kind: 'behind', pending: pending.map(({ name }) => name), facts };
  } catch (error) {
    if (!(error instanceof MigrationError)) throw error;
    return { kind: 'unfit', reason: error.message, facts };
  }
}

/** @throws the error itself if it is unexpected */
function reasonOf(error: unknown): string {
  const message = failureMessage(error);
  if (message === null) throw error;
  return message.replace(/^DATABASE_URL: /, '');
}

export function assessDatabase(
  state: DatabaseState,
  { url, isServed }: { readonly url: string; readonly isServed: boolean },
): readonly Finding[] {
  const name = withoutPassword(url);
  switch (state.kind) {
    case 'absent':
      return [
        isServed
          ? wrong(
              'database',
              `${name} does not exist, but a server is running.`,
              'Run the doctor in the folder and with the DATABASE_URL of the server. If the file was ' +
                'deleted, stop the server and restore a backup.',
            )
          : warning('database', `${name} does not exist yet.`, 'telltale serve creates it.'),
      ];
    case 'unreachable':
      return [
        wrong(
          'database',
          `${name}: ${state.reason}`,
          url.startsWith('file:')
            ? 'Check the path, its permissions and its disk. If the file is damaged, restore a backup.'
            : 'Check that PostgreSQL runs, and check the host, port, role, password and database in ' +
                'DATABASE_URL.',
        ),
      ];
    case 'unfit':
      return [
        wrong('database', state.reason, 'Start the version of Telltale that this database belongs to.'),
      ];
    default:
      return [...assessSchema(state, name, isServed), ...assessAccess(state.facts)];
  }
}

function assessSchema(
  state: Extract<DatabaseState, { kind: 'behind' | 'current' }>,
  name: string,
  isServed: boolean,
): readonly Finding[] {
  if (state.kind === 'current') {
    return [
      ok('database', `${name} answers and is at ${state.version}; it takes ${showBytes(state.facts.bytes)}.`),
    ];
  }
  const lacks = `${name} lacks ${showCount(state.pending.length, 'migration')}, from ${state.pending[0]}.`;
  return [
    isServed
      ? wrong(
          'database',
          lacks,
          'The server runs another version, or the database was replaced: restart the server.',
        )
      : warning('database', lacks, 'telltale migrate applies them, as the next start does.'),
  ];
}

const assessAccess = ({ readOnly }: DatabaseFacts): readonly Finding[] =>
  readOnly === null
    ? []
    : [
        wrong(
          'database',
          `It is not writable: ${readOnly}.`,
          'Connect to the primary server, as the role that owns the tables.',
        ),
      ];
