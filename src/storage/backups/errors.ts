import { TelltaleError } from '../../core/errors.ts';
import { messageOf } from '../../core/thrown.ts';

/** A full disk or missing permissions last until the operator acts. */
const RETRY_AFTER_MS = 30_000;

/** No folder for backups can be used. The database itself may be healthy. */
export class BackupFailed extends TelltaleError {
  override readonly name = 'BackupFailed';

  constructor(what: string, folders: readonly string[], must: string, causes: readonly unknown[]) {
    const reasons = folders.map((folder, index) => `${folder} (${messageOf(causes[index])})`);
    super(
      'OVERLOADED',
      `${what}: one of these must be a folder that the server can ${must}: ${reasons.join(', ')}. ` +
        'BACKUP_DIR names another folder.',
      { retryAfterMs: RETRY_AFTER_MS },
    );
    this.cause = causes.at(-1);
  }
}

/** The program that makes backups of this database is missing or too old. */
export class BackupToolMissing extends TelltaleError {
  override readonly name = 'BackupToolMissing';

  constructor(message: string) {
    super('CONFLICT', message);
  }
}

/** A backup cannot be used: it is damaged or not what its manifest says. */
export class DamagedBackup extends TelltaleError {
  override readonly name = 'DamagedBackup';

  constructor(path: string, problem: string) {
    super('CONFLICT', `The backup ${path} cannot be used: ${problem}`);
  }
}
