import { type Config, withoutPassword } from '../../config/config.ts';
import type { AddressFacts } from '../../storage/addresses.ts';
import { inspectAddresses } from '../../storage/create-store.ts';
import { showBytes } from './amounts.ts';
import { type Finding, ok, warning, wrong } from './finding.ts';

/** Some seconds of full recording. */
const MUCH_BYTES = 64 * 1024 ** 2;

/** Findings about the other ways to the database, besides the one that the doctor itself uses. */
export async function checkAddresses(config: Config): Promise<readonly Finding[]> {
  return assessAddresses(await inspectAddresses(config), config);
}

export function assessAddresses(
  { pooler, replica }: AddressFacts,
  { databaseUrl, replica: configured }: Pick<Config, 'databaseUrl' | 'replica'>,
): readonly Finding[] {
  return [
    ...(pooler === null ? [] : [assessPooler(pooler, withoutPassword(databaseUrl))]),
    ...(replica === null ? [] : [assessReplica(replica, withoutPassword(configured?.url ?? ''))]),
  ];
}

const assessPooler = ({ problem }: NonNullable<AddressFacts['pooler']>, name: string): Finding =>
  problem === null
    ? ok('database', `The pooler at ${name} answers, and leads to the database of DATABASE_DIRECT_URL.`)
    : wrong(
        'database',
        `The pooler at ${name} cannot be used: ${problem}.`,
        'Reads and states go through it. Check that it runs, and that DATABASE_URL and DATABASE_DIRECT_URL name the same database.',
      );

function assessReplica(
  { problem, behindBytes }: NonNullable<AddressFacts['replica']>,
  name: string,
): Finding {
  if (problem !== null)
    return wrong(
      'database',
      `The replica at ${name} does not answer: ${problem}.`,
      'Until it does, the primary answers. Check DATABASE_READ_URL, and that the replica runs and streams.',
    );
  const behind = behindBytes === null ? '' : ` It still has to replay ${showBytes(behindBytes)} of the log.`;
  const finding = `The replica at ${name} answers.${behind}`;
  if ((behindBytes ?? 0) < MUCH_BYTES) return ok('database', finding);
  return warning(
    'database',
    finding,
    'Beyond DATABASE_READ_MAX_LAG_MS, the primary answers. Check pg_stat_replication, the disk and ' +
      'network of the replica, and whether its replay is paused (pg_is_wal_replay_paused).',
  );
}
