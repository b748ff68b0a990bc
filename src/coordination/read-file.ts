import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';

/** What stood in a file. */
export interface FileText {
  readonly kind: 'text';
  readonly text: string;
  /** The same for the same version of the file. */
  readonly version: string;
  /**
   * When this content came to this place, in epoch milliseconds: the inode's change time, which a
   * rename sets and which no copy that keeps the times sets back.
   */
  readonly changedAt: number;
}

export type FileReading =
  | FileText
  /** There is no such file. */
  | { readonly kind: 'missing' }
  /** It was written to meanwhile. */
  | { readonly kind: 'changing' }
  /** It cannot be read; `message` says why, as the end of a sentence about the file. */
  | { readonly kind: 'refused'; readonly message: string };

/** Larger files are refused: they would hold up the server. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Reads a small text file whole. Never throws. */
export async function readTextFile(path: string): Promise<FileReading> {
  try {
    const before = await stat(path);
    // Opening a pipe would wait for somebody who writes.
    if (!before.isFile()) return { kind: 'refused', message: 'is not a file.' };
    if (before.size > MAX_FILE_BYTES) return tooLarge(before.size);
    return await readOpen(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'refused', message: `cannot be read: ${code ?? message}.` };
  }
}

async function readOpen(path: string): Promise<FileReading> {
  await using file = await open(path);
  const before = await file.stat();
  if (before.size > MAX_FILE_BYTES) return tooLarge(before.size);
  const text = (await file.readFile('utf8')).replace(/^\uFEFF/, '');
  const after = await file.stat();
  if (versionOf(before) !== versionOf(after)) return { kind: 'changing' };
  return { kind: 'text', text, version: versionOf(after), changedAt: Math.floor(after.ctimeMs) };
}

function versionOf({ dev, ino, size, mtimeMs, ctimeMs }: Stats): string {
  return [dev, ino, size, mtimeMs, ctimeMs].join(':');
}

function tooLarge(bytes: number): FileReading {
  const most = MAX_FILE_BYTES / (1024 * 1024);
  return { kind: 'refused', message: `has ${bytes} bytes; at most ${most} MiB are read.` };
}

/**
 * The version that `readTextFile` would give, without reading; null where there is no such file.
 */
export async function readVersion(path: string): Promise<string | null> {
  try {
    return versionOf(await stat(path));
  } catch {
    return null;
  }
}
