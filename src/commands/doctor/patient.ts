import type { Config } from '../../config/config.ts';
import type { Backups } from '../../storage/backups/backups.ts';
import type { Inspection } from '../../storage/inspection.ts';
import type { DatabaseState } from './database.ts';
import type { PortState } from './port.ts';

/** What the checks examine. */
export interface Patient {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly port: PortState;
  readonly database: DatabaseState;
  /** Null if the database cannot be opened, or does not exist yet. */
  readonly inspection: Inspection | null;
  /** Whether the server should be running: the health check of a container. */
  readonly backups: Pick<Backups, 'folders' | 'list'>;
  readonly mustServe: boolean;
}

/** A patient whose database can be queried for events, keys and projects. */
export type ReadablePatient = Patient & { readonly inspection: Inspection };

/** Whether the tables are those of this version. */
export const isReadable = (patient: Patient): patient is ReadablePatient =>
  patient.inspection !== null && patient.database.kind === 'current';
