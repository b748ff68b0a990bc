import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOf } from '../../core/thrown.ts';
import { BACKUP_REASONS, type Manifest } from './backup.ts';

/** The file beside a backup. */
export const manifestOf = (backup: string): string => `${backup}.json`;
/** The folder beside a backup with files of the configuration. */
export const configurationOf = (backup: string): string => `${backup}.config`;

const manifest = z.object({
  manifest: z.literal(1),
  telltale: z.string(),
  dialect: z.enum(['sqlite', 'postgresql']),
  database: z.string(),
  createdAt: z.iso.datetime(),
  reason: z.enum(BACKUP_REASONS),
  migrations: z.array(z.string()),
  rows: z.record(z.string(), z.number()),
  bytes: z.number(),
  sha256: z.string(),
  configuration: z.array(z.string()),
});

/** The manifest of a backup. Null if there is none, or if it is incomplete. */
export async function readManifest(backup: string): Promise<Manifest | null> {
  try {
    const parsed = manifest.safeParse(JSON.parse(await readFile(manifestOf(backup), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}
