import { expect, it } from 'vitest';
import { type Bytes, createBytes } from '../../src/storage/dialect/postgresql/copy-bytes.ts';

const ROUNDS = 40;

/** Writes values of one kind, many times. */
const KINDS: Readonly<Record<string, (bytes: Bytes) => void>> = {
  text: (bytes) => bytes.text('Größe'),
  jsonb: (bytes) => bytes.jsonb('{"a":1}'),
  uuid: (bytes) => bytes.uuid('01a22db2-6776-7493-b754-7f9666c40247'),
  int4: (bytes) => bytes.int4(-7),
  int8: (bytes) => bytes.int8(2 ** 40 + 3),
  float8: (bytes) => bytes.float8(1.5),
  boolean: (bytes) => bytes.boolean(true),
  timestamp: (bytes) => bytes.timestamp(1_700_000_000_000),
  absent: (bytes) => bytes.absent(),
};

function written(fields: number, write: (bytes: Bytes) => void): string {
  const bytes = createBytes(fields);
  bytes.header();
  for (let round = 0; round < ROUNDS; round++) write(bytes);
  bytes.end();
  return Buffer.from(bytes.written()).toString('hex');
}

it.each(Object.entries(KINDS))('are the same if the buffer grows while %s is written', (_kind, write) => {
  expect(written(0, write)).toBe(written(ROUNDS * 10, write));
});
