import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../../../src/core/thrown.ts';

/** A separate file system that a test can fill. */
export interface SmallDisk extends Disposable {
  readonly folder: string;
  /** Leaves no byte free, or this many. */
  fill(leaving?: number): void;
  /** Frees the space that was filled. */
  makeRoom(): void;
  /** Prevents writes from now on. No process may have a file open for writing. */
  makeReadOnly(): void;
}

/** Whether this process may mount file systems: as root on Linux, outside of most containers. */
export const canMount = process.platform === 'linux' && tryMount();

function tryMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  const folder = mkdtempSync('/tmp/telltale-mount-');
  try {
    mount(folder, 1);
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return true;
  } catch {
    // Root in a container may not mount.
    return false;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function mount(folder: string, mebibytes: number): void {
  const options = `size=${mebibytes}m,mode=0777`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
}

/** Mounts a file system with this many MiB of memory, in a folder that every account can reach. */
export function openSmallDisk(mebibytes: number): SmallDisk {
  const folder = mkdtempSync('/tmp/telltale-disk-');
  chmodSync(folder, 0o755);
  mount(folder, mebibytes);
  const ballast = join(folder, 'ballast');
  return {
    folder,
    fill(leaving = 0) {
      const file = openSync(ballast, 'a');
      try {
        for (const size of [1024 ** 2, 4096, 1]) writeUntilFull(file, Buffer.alloc(size));
        ftruncateSync(file, Math.max(0, fstatSync(file).size - leaving));
      } finally {
        closeSync(file);
      }
    },
    makeRoom: () => rmSync(ballast, { force: true }),
    makeReadOnly: () => void execFileSync('mount', ['-o', 'remount,ro', folder], { stdio: 'ignore' }),
    [Symbol.dispose]() {
      // The unmount is lazy, because a process that a failed test left may still have files open.
      execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function writeUntilFull(file: number, bytes: Buffer): void {
  try {
    while (writeSync(file, bytes) > 0);
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error;
  }
}
