import { TelltaleError } from '../../core/errors.ts';
import { messageOf } from '../../core/thrown.ts';

/** A full disk or missing permissions last until the operator acts. */
const RETRY_AFTER_MS = 30_000;

/** A folder for backups, and why it cannot be used. */
export interface TriedFolder {
  readonly folder: string;
  readonly error: unknown;
}

/** No folder for backups can be used. The database itself may be healthy. */
export class BackupFailed extends TelltaleError {
  override readonly name = 'BackupFailed';

  constructor(what: string, must: string, tried: readonly TriedFolder[]) {
    const reasons = tried.map(({ folder, error }) => `${folder} (${messageOf(error)})`);
    super(
      'OVERLOADED',
      `${what}: one of these must be a folder that the server can ${must}: ${reasons.join(', ')}. ` +
        'BACKUP_DIR names another folder.',
      { retryAfterMs: RETRY_AFTER_MS },
    );
    this.cause = tried.at(-1)?.error;
  }
}

/** The program that makes backups of this database is missing or too old. */
export class BackupToolMissing extends TelltaleError {
  override readonly name = 'BackupToolMissing';

  constructor(message: string) {
    super('CONFLICT', message);
  }
}

/** A backup cannot be used: it is damaged or does not match its manifest. */
export class DamagedBackup extends TelltaleError {
  override readonly name = 'DamagedBackup';

  constructor(path: string, problem: string) {
    super('CONFLICT', `The backup ${path} cannot be used: ${problem}`);
  }
}
