import { createReadStream } from 'node:fs';

const LINE_FEED = 10;
/** Longer lines are skipped. The longest known ones have some megabytes. */
const MAX_LINE_BYTES = 32 * 1024 * 1024;

/** A line that is completely written. */
export interface WrittenLine {
  /** Null if the line is too long. */
  readonly text: string | null;
  /** The position after its line feed. */
  readonly end: number;
}

/**
 * Reads the lines of a part of a file. A last line without a line feed is still being written, and
 * is left for the next time.
 *
 * @param from where a line begins
 * @param size where reading ends, because the file may grow meanwhile
 */
export async function* readLines(file: string, from: number, size: number): AsyncGenerator<WrittenLine> {
  if (from >= size) return;
  let rest: Buffer[] = [];
  let length = 0;
  let end = from;
  const chunks: AsyncIterable<Buffer> = createReadStream(file, { start: from, end: size - 1 });
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(LINE_FEED); at !== -1; at = chunk.indexOf(LINE_FEED, start)) {
      const part = chunk.subarray(start, at);
      length += part.length;
      end += length + 1;
      const isTooLong = length > MAX_LINE_BYTES;
      yield { text: isTooLong ? null : Buffer.concat([...rest, part]).toString(), end };
      rest = [];
      length = 0;
      start = at + 1;
    }
    const part = chunk.subarray(start);
    length += part.length;
    if (length > MAX_LINE_BYTES) rest = [];
    else rest.push(part);
  }
}
