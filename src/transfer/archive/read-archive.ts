import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { codeOf, messageOf } from '../../core/thrown.ts';
import { damaged } from './contents.ts';

/** A file of an archive. */
export interface Member {
  readonly name: string;
  readonly content: Buffer;
}

/** Larger members cannot have been written by Telltale. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * Reads the members of an archive in their order, one at a time.
 *
 * @throws InvalidArgument if it is not a compressed tar, or is cut off
 */
export async function* readMembers(file: string): AsyncGenerator<Member> {
  const tar = extract();
  const reading = pipeline(createReadStream(file), createGunzip(), tar);
  // The loop sees the error, and so does the end.
  reading.catch(() => undefined);
  try {
    for await (const entry of tar) {
      const { name, size = 0 } = entry.header;
      if (size > MAX_BYTES) throw damaged(name, `there are ${size} bytes`);
      yield { name, content: await buffer(entry) };
    }
    await reading;
  } catch (error) {
    const cause = await reading.then(
      () => error,
      (first: unknown) => first,
    );
    throw isOfArchive(cause) ? damaged(file, messageOf(cause)) : cause;
  }
}

/**
 * Whether the error is about the content of the file, and not about processing it or about the
 * disk.
 */
const isOfArchive = (error: unknown): boolean =>
  (codeOf(error) ?? '').startsWith('Z_') || /tar|Unexpected end|premature/i.test(messageOf(error));
