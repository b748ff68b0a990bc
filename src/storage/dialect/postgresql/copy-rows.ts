import pg from 'pg';
import { type Column, type ColumnKind, type ColumnValue, isWide } from '../../../core/dataset/column.ts';
import type { Row } from '../../../core/dataset/row.ts';
import type { DatasetData } from '../append-request.ts';
import { type Bytes, createBytes } from './copy-bytes.ts';

/** Rows of events in the binary format of `COPY`, with room for the number of their arrival. */
export interface CopyData {
  /** The statement that receives them. */
  readonly text: string;
  /** The bytes with this number in each row. */
  withArrival(arrival: number): Uint8Array;
}

/** How to write the values of a kind: in the binary form that its column takes. */
const WRITERS: Readonly<Record<ColumnKind, (bytes: Bytes, value: never) => void>> = {
  uuid: (bytes, value: string) => bytes.uuid(value),
  text: (bytes, value: string) => bytes.text(value),
  enum: (bytes, value: string) => bytes.text(value),
  integer: (bytes, value: number) => bytes.int4(value),
  float: (bytes, value: number) => bytes.float8(value),
  money: (bytes, value: number) => bytes.int8(value),
  boolean: (bytes, value: boolean) => bytes.boolean(value),
  timestamp: (bytes, value: number) => bytes.timestamp(value),
  duration: (bytes, value: string) => bytes.text(value),
  json: (bytes, value: string) => bytes.jsonb(value),
  texts: (bytes, value: string) => bytes.jsonb(value),
};

const writerOf = (column: Column): ((bytes: Bytes, value: ColumnValue) => void) =>
  (isWide(column) ? WRITERS.money : WRITERS[column.kind]) as (bytes: Bytes, value: ColumnValue) => void;

/** Writes rows of events for `COPY … (FORMAT binary)`. */
export function encodeRows({ table, columns }: DatasetData, rows: readonly Row[]): CopyData {
  const fields = columns.map((column) => ({ index: column.index, write: writerOf(column) }));
  const bytes = createBytes(rows.length * columns.length);
  const arrivals: number[] = [];
  bytes.header();
  for (const row of rows) {
    bytes.fields(fields.length + 1);
    for (const { index, write } of fields) {
      const value = row[index] ?? null;
      if (value === null) bytes.absent();
      else write(bytes, value);
    }
    arrivals.push(bytes.length());
    bytes.int8(0);
  }
  bytes.end();
  const names = [...columns.map(({ sqlName }) => `"${sqlName}"`), 'arrival'];
  return {
    text: `copy "${table}" (${names.join(', ')}) from stdin (format binary)`,
    withArrival(arrival) {
      for (const at of arrivals) bytes.setInt8(at, arrival);
      return bytes.written();
    },
  };
}

/** The used part of `pg.Connection` that its types do not declare. */
interface CopyConnection {
  readonly stream: { cork(): void; uncork(): void };
  query(text: string): void;
  sendCopyFromChunk(chunk: Uint8Array): void;
  endCopyFrom(): void;
}

/** Keeps the driver's buffer small, because the driver never shrinks it. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Runs `COPY … FROM STDIN`. It sends the rows directly after the statement, without waiting until
 * the database asks for them: if the statement fails, the database skips them.
 */
export function copyIn(client: pg.Client, text: string, data: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = Object.assign(new pg.Query(text), {
      callback: (error: Error | null) => (error === null ? resolve() : reject(error)),
      submit(connection: CopyConnection) {
        connection.stream.cork();
        connection.query(text);
        for (let start = 0; start < data.length; start += CHUNK_BYTES)
          connection.sendCopyFromChunk(data.subarray(start, start + CHUNK_BYTES));
        connection.endCopyFrom();
        connection.stream.uncork();
        return null;
      },
      handleCopyInResponse() {},
    });
    client.query(query);
  });
}
