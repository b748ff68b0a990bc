import { basename, join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { openBackupFormat } from '../create-store.ts';
import type { ConfigurationFile } from './backup.ts';
import { type Backups, createBackups } from './backups.ts';

/** What the configuration says about backups. */
export interface BackupSettings {
  /** A URL of the database where a session lasts. */
  readonly directUrl: string;
  readonly backups: {
    readonly folder: string | null;
    readonly fallbackFolder: string;
    readonly keep: number;
    readonly keepMs: number;
    readonly pgDump: string | null;
  };
  readonly pricesFile: string | null;
  readonly trustedDocuments: { readonly file: string | null };
  readonly coordinationFolder: string | null;
}

/** The files of a coordination folder that the server reads. */
const COORDINATION = ['task-board.json', 'progress-log.md'];

/** @param onProblem called with a sentence about a problem that did not make the work fail */
export async function openBackups(
  settings: BackupSettings,
  clock: Clock,
  onProblem: (text: string) => void,
): Promise<Backups> {
  const { folder, fallbackFolder, pgDump, ...keeping } = settings.backups;
  const format = await openBackupFormat(settings.directUrl, pgDump);
  const configuration = configurationFiles(settings);
  return createBackups({ ...{ format, clock, folder, fallbackFolder, keeping, configuration, onProblem } });
}

function configurationFiles({
  pricesFile,
  trustedDocuments: { file },
  coordinationFolder: folder,
}: BackupSettings): ConfigurationFile[] {
  const given = [pricesFile, file].filter((path) => path !== null);
  const coordination = folder === null ? [] : COORDINATION;
  return [
    ...given.map((path) => ({ name: basename(path), path })),
    ...coordination.map((name) => ({ name: join('coordination', name), path: join(folder ?? '', name) })),
  ];
}
