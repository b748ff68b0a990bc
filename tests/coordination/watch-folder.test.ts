import { mkdir, rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createFolderWatch, type FolderWatch } from '../../src/coordination/watch-folder.ts';
import { createFolder, type TestFolder } from './support/follow.ts';

describe('watching a folder', () => {
  let folder: TestFolder;
  let watch: FolderWatch;
  let changes = 0;
  const errors: unknown[] = [];
  beforeEach(async () => {
    folder = await createFolder();
    changes = 0;
    watch = createFolderWatch({
      folder: folder.path,
      names: ['task-board.json', 'progress-log.md'],
      onChange: () => changes++,
      onError: (error) => errors.push(error),
    });
  });
  afterEach(async () => {
    await watch.close();
    await folder[Symbol.asyncDispose]();
    expect(errors).toEqual([]);
  });

  /**
   * Repeats the work until the watch has reported a change since it began. The watch does not
   * report a change right after another one, which is why the files are polled as well.
   */
  async function seesChange(work: () => Promise<unknown>): Promise<void> {
    const before = changes;
    const changesSince = async () => {
      await work();
      return changes;
    };
    await expect.poll(changesSince, { interval: 250 }).toBeGreaterThan(before);
  }

  it('reports files that are written, replaced and removed', async () => {
    await mkdir(folder.path);
    await seesChange(() => watch.check());
    let version = 0;
    await seesChange(() => folder.writeBoard(++version));
    await seesChange(() => folder.replaceBoard(++version));
    await seesChange(() => folder.writeLog(`- ${++version}\n`));
    await seesChange(() => rm(`${folder.path}/task-board.json`, { force: true }));
  });

  it('follows a folder that is created later, removed and brought back', async () => {
    expect(await watch.check()).toBe(false);
    for (const board of ['1', '22']) {
      await mkdir(folder.path);
      await seesChange(async () => expect(await watch.check()).toBe(true));
      await seesChange(() => folder.writeBoard(board));
      await rm(folder.path, { recursive: true });
      expect(await watch.check()).toBe(false);
    }
  });
});
