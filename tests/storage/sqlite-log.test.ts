import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openForWriting } from '../../src/storage/dialect/sqlite/database.ts';
import type { Connection } from '../../src/storage/dialect/sqlite/driver.ts';
import { createLog, type Log } from '../../src/storage/dialect/sqlite/log.ts';

describe('the log of a database', () => {
  let folder: string;
  let connection: Connection;
  let log: Log;
  let freeBytes: number;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-log-'));
    const file = join(folder, 'telltale.db');
    await writeFile(file, '');
    connection = openForWriting(file);
    connection.exec('create table filler (bytes blob)');
    log = createLog(file, connection, () => freeBytes);
  });
  beforeEach(() => {
    freeBytes = Number.POSITIVE_INFINITY;
    log.takeOver();
  });
  afterAll(async () => {
    connection.close();
    await rm(folder, { recursive: true });
  });
  const write = (): void => void connection.exec('insert into filler values (zeroblob(100000))');

  test('is checkpointed when the free space becomes smaller than the log', () => {
    write();
    const { bytes } = log.state();
    freeBytes = bytes;
    log.keepRoom();
    expect(log.state()).toEqual({ bytes });
    freeBytes = bytes - 1;
    log.keepRoom();
    expect(log.state()).toEqual({ bytes: 0 });
  });

  test('is checkpointed as soon as possible after a write failed for lack of space', () => {
    write();
    connection.exec('begin immediate');
    log.diskWasFull();
    log.keepRoom();
    expect(log.state().bytes).toBeGreaterThan(0);
    connection.exec('rollback');
    log.keepRoom();
    expect(log.state()).toEqual({ bytes: 0 });
    write();
    log.keepRoom();
    expect(log.state().bytes).toBeGreaterThan(0);
  });
});
