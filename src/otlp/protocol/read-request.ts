import { InvalidArgument } from '../../core/errors.ts';
import { decodeLogRecord } from './decode-logs.ts';
import { decodeMetric } from './decode-metrics.ts';
import { decodeSpan } from './decode-traces.ts';
import { type DecodeItem, decodeRequest } from './decode-values.ts';
import { assertJsonSize } from './json-size.ts';
import { readJsonRequest } from './read-json.ts';
import type { Batch, Signal, Telemetry } from './telemetry.ts';
import { type Texts, WireReader } from './wire-reader.ts';

/** The encodings of OTLP/HTTP. An answer has the encoding of its request. */
export type Encoding = 'PROTOBUF' | 'JSON';

export interface RequestBody {
  readonly bytes: Buffer;
  readonly encoding: Encoding;
}

const DECODERS: { readonly [One in Signal]: DecodeItem<Telemetry[One]> } = {
  TRACES: decodeSpan,
  LOGS: decodeLogRecord,
  METRICS: decodeMetric,
};

/**
 * The items of a request in chunks, each read on demand. The whole request is read before any of it
 * is stored, so a truncated request stores nothing.
 *
 * @throws InvalidArgument for a body that does not match its content type
 */
export function* readRequest<One extends Signal>(
  signal: One,
  { bytes, encoding }: RequestBody,
  texts: Texts,
): Generator<Batch<Telemetry[One]>, void> {
  try {
    yield* encoding === 'JSON'
      ? readJsonRequest(signal, parse(bytes))
      : decodeRequest<Telemetry[One]>(new WireReader(bytes, texts), DECODERS[signal]);
  } catch (error) {
    throw isMalformed(error, encoding) ? malformed(signal, encoding, error) : error;
  }
}

function parse(bytes: Buffer): unknown {
  if (bytes.length === 0) return {};
  assertJsonSize(bytes);
  return JSON.parse(bytes.toString('utf8'));
}

/**
 * The protobuf reader throws plain errors, like its library; the JSON reader throws SyntaxError and
 * TypeError.
 */
function isMalformed(error: unknown, encoding: Encoding): error is Error {
  if (error instanceof RangeError) return true;
  if (encoding === 'JSON') return error instanceof SyntaxError || error instanceof TypeError;
  return error instanceof Error && error.constructor === Error;
}

const MESSAGES: Readonly<Record<Signal, string>> = {
  TRACES: 'ExportTraceServiceRequest',
  LOGS: 'ExportLogsServiceRequest',
  METRICS: 'ExportMetricsServiceRequest',
};

function malformed(signal: Signal, encoding: Encoding, { message }: Error): InvalidArgument {
  const kind = encoding === 'JSON' ? 'OTLP/JSON' : 'protobuf';
  return new InvalidArgument(
    `The body is not an ${MESSAGES[signal]} in ${kind}, as its content type says: ${message}. Nothing was stored.`,
    'body',
  );
}
