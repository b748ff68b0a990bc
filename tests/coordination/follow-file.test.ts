import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FileCheck, followFile, type RecordFile } from '../../src/coordination/follow-file.ts';

const FINE = { problem: null };

describe('a followed file', () => {
  let folder: string;
  let path: string;
  let errors: unknown[];
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-follow-'));
    path = join(folder, 'file');
    errors = [];
  });
  afterEach(() => rm(folder, { recursive: true }));

  const follow = (record: RecordFile, settleMs = 50) =>
    followFile({ name: 'file', path, record, settleMs, onError: (error) => errors.push(error) });

  /** Checks until the file does not need another check soon. */
  async function checkUntilDone(file: ReturnType<typeof follow>): Promise<FileCheck> {
    let last: FileCheck | undefined;
    const isSoon = async () => {
      last = await file.check();
      return last.soon;
    };
    await expect.poll(isSoon).toBe(false);
    return last as FileCheck;
  }

  it('is recorded once in each version, and not again while it stays the same', async () => {
    const recorded: string[] = [];
    const file = follow(async ({ text }) => {
      if (recorded.at(-1) !== text) recorded.push(text);
      return FINE;
    });
    await writeFile(path, '\ufeffone');
    expect(await checkUntilDone(file)).toEqual({ problem: null, soon: false });
    await writeFile(path, 'two');
    await checkUntilDone(file);
    recorded.push('nothing more');
    await file.check();
    expect(recorded).toEqual(['one', 'two', 'nothing more']);
  });

  it('is checked when it has stopped changing', async () => {
    await writeFile(path, 'half');
    const seen: boolean[] = [];
    const file = follow(async (_, settled) => {
      seen.push(settled);
      return settled ? { problem: 'is broken.' } : 'UNSETTLED';
    });
    expect(await file.check()).toEqual({ problem: null, soon: true });
    expect(await checkUntilDone(file)).toEqual({ problem: 'is broken.', soon: false });
    expect(seen.indexOf(true)).toBe(seen.length - 1);
    await rm(path);
    expect(await file.check()).toEqual({ problem: null, soon: false });
  });

  it('is tried again when it could not be stored, and the failure is reported once', async () => {
    await writeFile(path, 'text');
    let failures = 3;
    const file = follow(async () => {
      if (failures-- > 0) throw new Error('the database is away');
      return FINE;
    });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await file.check()).toMatchObject({ problem: expect.stringMatching(/^could not be recorded/) });
    }
    expect(await checkUntilDone(file)).toEqual({ problem: null, soon: false });
    expect(errors).toEqual([new Error('the database is away')]);
  });
});
