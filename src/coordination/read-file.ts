import type { Stats } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { codeOf, messageOf } from '../core/thrown.ts';

/** The contents of a file. */
export interface FileText {
  readonly kind: 'text';
  readonly text: string;
  /** Changes whenever the file changes. */
  readonly version: string;
  /**
   * When the file got this content, in epoch milliseconds: the inode's change time. A rename sets
   * it, and a copy that preserves times does not set it back.
   */
  readonly changedAt: number;
}

export type FileReading =
  | FileText
  /** The file does not exist. */
  | { readonly kind: 'missing' }
  /** The file changed while it was read. */
  | { readonly kind: 'changing' }
  /** The file cannot be read; `message` says why, as the end of a sentence about the file. */
  | { readonly kind: 'refused'; readonly message: string };

/** Larger files are rejected, because they would block the server. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** Reads a small text file. Never throws. */
export async function readTextFile(path: string): Promise<FileReading> {
  try {
    const before = await stat(path);
    // Opening a pipe would wait for a writer.
    if (!before.isFile()) return { kind: 'refused', message: 'is not a file.' };
    if (before.size > MAX_FILE_BYTES) return tooLarge(before.size);
    return await readOpen(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
    return { kind: 'refused', message: `cannot be read: ${code ?? messageOf(error)}.` };
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
 * The version that `readTextFile` would return, without reading; null if the file does not exist.
 */
export async function readVersion(path: string): Promise<string | null> {
  try {
    return versionOf(await stat(path));
  } catch {
    return null;
  }
}
