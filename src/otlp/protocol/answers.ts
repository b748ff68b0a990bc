import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { Encoding } from './read-request.ts';
import type { Signal } from './telemetry.ts';

/** An answer: its content type, and its body in the encoding of the request. */
export interface EncodedAnswer {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * What part of a request was not stored, and why. If nothing was rejected, the message is a
 * warning.
 */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const CONTENT_TYPES: Readonly<Record<Encoding, string>> = {
  PROTOBUF: 'application/x-protobuf',
  JSON: 'application/json',
};

/** The encoding that a content type names; null if OTLP does not define it. */
export function encodingOf(contentType: string | undefined): Encoding | null {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === CONTENT_TYPES.PROTOBUF) return 'PROTOBUF';
  return type === CONTENT_TYPES.JSON ? 'JSON' : null;
}

const REJECTED: Readonly<Record<Signal, string>> = {
  TRACES: 'rejectedSpans',
  LOGS: 'rejectedLogRecords',
  METRICS: 'rejectedDataPoints',
};
const [FIRST_FIELD, SECOND_FIELD] = [1, 2];
const [VARINT, LENGTH] = [0, 2];

/**
 * An `Export…ServiceResponse`. Everything was stored, or need not be, unless `partial` says
 * otherwise.
 */
export function exportResponse(
  signal: Signal,
  encoding: Encoding,
  partial: PartialSuccess | null,
): EncodedAnswer {
  if (encoding === 'JSON') {
    const { rejected, message } = partial ?? { rejected: 0, message: '' };
    const partialSuccess = {
      // A 64-bit integer, which OTLP/JSON writes as text.
      ...(rejected > 0 && { [REJECTED[signal]]: String(rejected) }),
      errorMessage: message,
    };
    return jsonAnswer(partial === null ? {} : { partialSuccess });
  }
  const writer = new BinaryWriter();
  if (partial !== null) {
    writer.tag(FIRST_FIELD, LENGTH).fork();
    if (partial.rejected > 0) writer.tag(FIRST_FIELD, VARINT).int64(partial.rejected);
    writer.tag(SECOND_FIELD, LENGTH).string(partial.message).join();
  }
  return protobufAnswer(writer);
}

/** A `google.rpc.Status`, the body of every answer that is not a success. */
export function statusAnswer(encoding: Encoding, code: number, message: string): EncodedAnswer {
  if (encoding === 'JSON') return jsonAnswer({ code, message });
  const writer = new BinaryWriter();
  writer.tag(FIRST_FIELD, VARINT).int32(code).tag(SECOND_FIELD, LENGTH).string(message);
  return protobufAnswer(writer);
}

const jsonAnswer = (value: object): EncodedAnswer => ({
  contentType: CONTENT_TYPES.JSON,
  body: Buffer.from(JSON.stringify(value)),
});

const protobufAnswer = (writer: BinaryWriter): EncodedAnswer => ({
  contentType: CONTENT_TYPES.PROTOBUF,
  body: Buffer.from(writer.finish()),
});
