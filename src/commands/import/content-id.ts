import { isUtf8 } from 'node:buffer';
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { codeOf } from '../../core/thrown.ts';
import { splitBytes } from '../split-bytes.ts';
import { UsageError } from './options.ts';

const LINE_FEED = 10;
const SHOWN_BYTES = 20;

export interface FileContent {
  /** Bytes. */
  readonly size: number;
  /**
   * SHA-256 of the dataset's name and the content, in hexadecimal. The ids of the rows derive from
   * it.
   */
  readonly id: string;
}

/**
 * Reads the file once, before any of its rows is stored.
 *
 * @param isText false: the file has a binary format
 * @throws UsageError if it cannot be read, or is not UTF-8: its letters would be lost.
 */
export async function identifyContent(file: string, dataset: string, isText = true): Promise<FileContent> {
  const hash = createHash('sha256').update(`${dataset}\n`);
  try {
    const { size } = await stat(file);
    const chunks = hashed(createReadStream(file), hash);
    if (isText) await checkEncoding(file, chunks);
    else for await (const _ of chunks);
    return { size, id: hash.digest('hex') };
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof UsageError || code === undefined) throw error;
    throw new UsageError(`${file} cannot be read (${code}).`);
  }
}

async function* hashed(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

async function checkEncoding(file: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  let line = 0;
  for await (const bytes of splitBytes(chunks, LINE_FEED)) {
    line++;
    if (isUtf8(bytes)) continue;
    throw new UsageError(
      `${file} is not UTF-8: see line ${line}, ${excerpt(bytes)}. Convert it first, for ` +
        `example with iconv -f LATIN1 -t UTF-8 ${file} > converted, with the encoding that the ` +
        'file has.',
    );
  }
}

/** The text around bytes that are not UTF-8, with a question mark in their place. */
function excerpt(bytes: Buffer): string {
  const text = bytes.toString();
  const start = Math.max(0, text.indexOf('\uFFFD') - SHOWN_BYTES);
  return JSON.stringify(
    text
      .slice(start, start + 2 * SHOWN_BYTES)
      .replaceAll('\uFFFD', '?')
      .trim(),
  );
}
