import type { Backup, BackupState } from '../../storage/backups/backup.ts';

/** A backup in the form that programs read. Times are ISO 8601. */
export interface BackupForJson {
  readonly name: string;
  readonly path: string;
  readonly createdAt: string;
  readonly bytes: number;
  readonly state: BackupState;
  readonly reason: string | null;
  readonly schemaVersion: string | null;
  readonly rows: number | null;
  readonly sha256: string | null;
  readonly configuration: readonly string[];
}

export function backupForJson({ name, path, createdAt, bytes, state, manifest }: Backup): BackupForJson {
  return {
    ...{ name, path, createdAt: new Date(createdAt).toISOString(), bytes, state },
    reason: manifest?.reason ?? null,
    schemaVersion: manifest?.migrations.at(-1) ?? null,
    rows: manifest && Object.values(manifest.rows).reduce((sum, rows) => sum + rows, 0),
    sha256: manifest?.sha256 ?? null,
    configuration: manifest?.configuration ?? [],
  };
}

const MEBIBYTE = 1024 ** 2;

export const megabytes = (bytes: number): string =>
  `${(bytes / MEBIBYTE).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} MiB`;

/** One line per backup, the newest first. */
export function renderBackups(backups: readonly BackupForJson[]): string {
  return backups
    .map(({ name, bytes, state, reason, rows, schemaVersion }) => {
      const version = schemaVersion ?? 'unknown version';
      const counted = rows === null ? '' : `${rows.toLocaleString('en-US')} rows`;
      return `${name}  ${megabytes(bytes).padStart(12)}  ${state.padEnd(8)}  ${(reason ?? '').padEnd(9)}  ${version}  ${counted}\n`;
    })
    .join('');
}
