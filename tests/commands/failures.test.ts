import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { failureMessage } from '../../src/commands/failures.ts';
import { loadConfig } from '../../src/config/config.ts';

/** A file that is neither a database nor JSON. */
const HERE = fileURLToPath(import.meta.url);

describe('the message of a server that cannot start', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  async function start(environment: Readonly<Record<string, string>>): Promise<void> {
    const config = loadConfig({ DATABASE_URL: `file:${join(folder, 'a.db')}`, ...environment });
    const app = await createApp(config, { logger: pino({ level: 'silent' }) });
    await app.stop();
  }

  it.each([
    [{ PORT: 'http' }, 'PORT=http: must be a whole number from 0 to 65535.'],
    [
      { DATABASE_URL: 'mysql://root@db/x' },
      'DATABASE_URL=mysql://root@db/x: must be file:<path> or postgresql://…',
    ],
    [{ DATABASE_URL: `file:${tmpdir()}` }, `DATABASE_URL: ${tmpdir()} cannot be opened as a SQLite database`],
    [{ DATABASE_URL: `file:${HERE}` }, `DATABASE_URL: ${HERE} cannot be opened as a SQLite database`],
    [{ DATABASE_URL: `file:${HERE}/x.db` }, `DATABASE_URL: ${HERE}/x.db cannot be opened as a SQLite`],
    [
      { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:1/x' },
      'DATABASE_URL: the database cannot be reached',
    ],
    [
      { DATABASE_URL: 'postgresql://me:secret@127.0.0.1:99999/x' },
      'DATABASE_URL: PostgreSQL cannot be used with this URL (Invalid URL)',
    ],
    [{ PRICES_FILE: HERE }, `PRICES_FILE: ${HERE}: it is not JSON`],
  ])('%j', async (environment, message) => {
    const error = await start(environment as Record<string, string>).catch((reason) => reason);
    expect(failureMessage(error)).toContain(message);
    expect(failureMessage(error)).not.toContain('secret');
  });
});
