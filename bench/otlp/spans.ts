/**
 * Spans of model calls as exporters send them: protobuf, with attributes that contain a call's
 * columns.
 */
import { randomBytes } from 'node:crypto';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import type { CallInput } from '../lib/call-input.ts';

const [VARINT, BITS_64, LENGTH] = [0, 1, 2];
/** Stands for a trace id until the request is sent. */
const PLACEHOLDER = Buffer.alloc(16, 0xee);
/**
 * The distance from the trace id to the span id: the trace id, and the tag and the length of the
 * span id.
 */
const SPAN_ID_AT = 16 + 2;
const START_AT = SPAN_ID_AT + 8 + 1;
const END_AT = START_AT + 8 + 1;
const NANOSECONDS = 1e6;
const WORD = 2 ** 32;
const ID_BYTES = 24;

type Value = string | number | boolean | readonly string[];

/** The body of a request, and the positions of its trace ids. */
export interface SpanBody {
  readonly bytes: Buffer;
  readonly offsets: readonly number[];
  /** How long the call of each span took, in milliseconds. */
  readonly durations: readonly number[];
}

/** An `ExportTraceServiceRequest` of one service. */
export function encodeSpans(calls: readonly CallInput[]): SpanBody {
  const writer = new BinaryWriter();
  writer.tag(1, LENGTH).fork();
  writer.tag(1, LENGTH).fork();
  for (const [name, value] of Object.entries(RESOURCE)) writeAttribute(writer, 1, name, value);
  writer.join();
  writer.tag(2, LENGTH).fork();
  for (const call of calls) writeSpan(writer, call);
  const bytes = Buffer.from(writer.join().join().finish());
  return {
    bytes,
    offsets: offsetsOf(bytes),
    durations: calls.map(({ latencyMs }) => Number(latencyMs)),
  };
}

const RESOURCE: Readonly<Record<string, Value>> = {
  'service.name': 'support-chat',
  'service.version': '1.2.3',
  'deployment.environment.name': 'production',
  'telemetry.sdk.language': 'nodejs',
};

function writeSpan(writer: BinaryWriter, call: CallInput): void {
  writer.tag(2, LENGTH).fork();
  writer.tag(1, LENGTH).bytes(PLACEHOLDER);
  writer.tag(2, LENGTH).bytes(PLACEHOLDER.subarray(0, 8));
  writer.tag(7, BITS_64).fixed64(0);
  writer.tag(8, BITS_64).fixed64(0);
  writer.tag(4, LENGTH).bytes(randomBytes(8));
  writer.tag(5, LENGTH).string(`chat ${call['model']}`);
  writer.tag(6, VARINT).int32(3);
  for (const [name, value] of Object.entries(attributesOf(call))) writeAttribute(writer, 9, name, value);
  if (call['success'] === false)
    writer
      .tag(15, LENGTH)
      .fork()
      .tag(2, LENGTH)
      .string(String(call['errorMessage']))
      .tag(3, VARINT)
      .int32(2)
      .join();
  writer.join();
}

const attributesOf = (call: CallInput): Record<string, Value> => ({
  'gen_ai.operation.name': 'chat',
  'gen_ai.provider.name': String(call['provider']),
  'gen_ai.request.model': String(call['model']),
  'gen_ai.response.model': String(call['model']),
  'gen_ai.request.max_tokens': Number(call['maxTokens']),
  'gen_ai.request.temperature': Number(call['temperature']),
  'gen_ai.request.top_p': 0.95,
  'gen_ai.request.stream': Boolean(call['streaming']),
  'gen_ai.usage.input_tokens': Number(call['promptTokens']),
  'gen_ai.usage.output_tokens': Number(call['completionTokens']),
  'gen_ai.usage.cache_read.input_tokens': Number(call['cachedPromptTokens']),
  'gen_ai.usage.cost': Number(call['cost']),
  'gen_ai.response.time_to_first_chunk': Number(call['timeToFirstTokenMs']) / 1000,
  'user.id': String(call['endUser']),
  'server.address': 'api.example.com',
  ...(call['success'] === false
    ? { 'error.type': String(call['errorType']), 'http.response.status_code': 429 }
    : { 'gen_ai.response.finish_reasons': [String(call['finishReason'])] }),
});

function writeAttribute(writer: BinaryWriter, field: number, name: string, value: Value): void {
  writer.tag(field, LENGTH).fork();
  writer.tag(1, LENGTH).string(name);
  writer.tag(2, LENGTH).fork();
  writeValue(writer, value);
  writer.join().join();
}

function writeValue(writer: BinaryWriter, value: Value): void {
  if (typeof value === 'string') writer.tag(1, LENGTH).string(value);
  else if (typeof value === 'boolean') writer.tag(2, VARINT).bool(value);
  else if (typeof value !== 'number') {
    writer.tag(5, LENGTH).fork();
    for (const one of value) writer.tag(1, LENGTH).fork().tag(1, LENGTH).string(one).join();
    writer.join();
  } else if (Number.isInteger(value)) writer.tag(3, VARINT).int64(value);
  else writer.tag(4, BITS_64).double(value);
}

function offsetsOf(bytes: Buffer): number[] {
  const offsets: number[] = [];
  for (let at = bytes.indexOf(PLACEHOLDER); at !== -1; at = bytes.indexOf(PLACEHOLDER, at + 1))
    offsets.push(at);
  return offsets;
}

/**
 * Gives the spans of a body new ids, as for calls that ended in the last second. In place:
 * processor time that the load takes is lost to the server on the same machine.
 */
export function renew({ bytes, offsets, durations }: SpanBody): Buffer {
  const random = randomBytes(ID_BYTES * offsets.length);
  const now = Date.now();
  for (const [index, at] of offsets.entries()) {
    const from = index * ID_BYTES;
    random.copy(bytes, at, from, from + 16);
    random.copy(bytes, at + SPAN_ID_AT, from + 16, from + ID_BYTES);
    const end = now - (offsets.length - index);
    writeTime(bytes, at + START_AT, end - (durations[index] ?? 0));
    writeTime(bytes, at + END_AT, end);
  }
  return bytes;
}

/**
 * Milliseconds as nanoseconds, with microsecond precision: a BigInt for each would cost more than
 * the rest.
 */
function writeTime(bytes: Buffer, at: number, milliseconds: number): void {
  const nanoseconds = Math.round(milliseconds * 1000) * (NANOSECONDS / 1000);
  bytes.writeUInt32LE(nanoseconds % WORD, at);
  bytes.writeUInt32LE(Math.floor(nanoseconds / WORD), at + 4);
}
