import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from './options.ts';

export interface FileContent {
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the dataset's name and the content, hexadecimal: the root of the ids of the rows. */
  readonly id: string;
}

/** Reads the file once. @throws UsageError when it cannot be read. */
export async function identifyContent(file: string, dataset: string): Promise<FileContent> {
  const hash = createHash('sha256').update(`${dataset}\n`);
  try {
    const { size } = await stat(file);
    for await (const chunk of createReadStream(file)) hash.update(chunk);
    return { size, id: hash.digest('hex') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
}
