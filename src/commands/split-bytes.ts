import { defined } from '../core/defined.ts';
/** Splits a stream of bytes at the separator. The last part is yielded too, unless it is empty. */
export async function* splitBytes(chunks: AsyncIterable<Buffer>, separator: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(separator); end !== -1; end = chunk.indexOf(separator, start)) {
      rest.push(chunk.subarray(start, end));
      yield rest.length === 1 ? defined(rest[0]) : Buffer.concat(rest);
      rest = [];
      start = end + 1;
    }
    rest.push(chunk.subarray(start));
  }
  const last = Buffer.concat(rest);
  if (last.length > 0) yield last;
}
