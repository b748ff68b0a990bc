import { batchesOf } from '../../core/batches.ts';
import { AttributeList } from './attribute-list.ts';
import type { Attributes, AttributeValue, Batch } from './telemetry.ts';
import { ITEMS_PER_PORTION } from './telemetry.ts';
import { bits64Tag, lengthTag, varintTag, type WireReader } from './wire-reader.ts';

/** A value nested in more lists and maps than this is rejected: no sender needs them. */
export const MAX_LEVELS = 32;

const KEY_VALUE = { key: lengthTag(1), value: lengthTag(2) } as const;
const ANY_VALUE = {
  string: lengthTag(1),
  bool: varintTag(2),
  int: varintTag(3),
  double: bits64Tag(4),
  array: lengthTag(5),
  map: lengthTag(6),
  bytes: lengthTag(7),
} as const;
const FIRST = lengthTag(1);
const SECOND = lengthTag(2);
const NOTHING: Attributes = new AttributeList();

/** Reads one `KeyValue` and adds it. If several have the same name, the last one counts. */
export function decodeAttribute(
  reader: WireReader,
  end: number,
  attributes: AttributeList,
  levels = MAX_LEVELS,
): void {
  let name = '';
  let value: AttributeValue = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === KEY_VALUE.key) name = reader.text();
    else if (tag === KEY_VALUE.value) value = decodeValue(reader, reader.messageEnd(end), levels);
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  attributes.set(name, value);
}

/** Reads an `AnyValue`. */
export function decodeValue(reader: WireReader, end: number, levels = MAX_LEVELS): AttributeValue {
  if (levels === 0) throw new RangeError(`A value has more than ${MAX_LEVELS} levels of lists and maps`);
  let value: AttributeValue = null;
  while (reader.pos < end) {
    const tag = reader.uint32();
    switch (tag) {
      case ANY_VALUE.string:
        value = reader.text();
        break;
      case ANY_VALUE.bool:
        value = reader.bool();
        break;
      case ANY_VALUE.int:
        value = reader.integer();
        break;
      case ANY_VALUE.double:
        value = reader.double();
        break;
      case ANY_VALUE.array:
        value = decodeList(reader, reader.messageEnd(end), levels - 1);
        break;
      case ANY_VALUE.map:
        value = decodeMap(reader, reader.messageEnd(end), levels - 1);
        break;
      case ANY_VALUE.bytes:
        value = reader.base64();
        break;
      default:
        reader.skipField(tag);
    }
  }
  reader.expectEnd(end);
  return value;
}

function decodeList(reader: WireReader, end: number, levels: number): AttributeValue[] {
  const values: AttributeValue[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === FIRST) values.push(decodeValue(reader, reader.entryEnd(end), levels));
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  return values;
}

function decodeMap(reader: WireReader, end: number, levels: number): AttributeValue {
  const entries = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== FIRST) reader.skipField(tag);
    else decodeAttribute(reader, reader.entryEnd(end), entries, levels);
  }
  reader.expectEnd(end);
  return Object.fromEntries(entries);
}

/** Reads a `Resource`, whose first field is its attributes. */
function decodeResource(reader: WireReader, end: number): Attributes {
  const attributes = new AttributeList();
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag !== FIRST) reader.skipField(tag);
    else decodeAttribute(reader, reader.entryEnd(end), attributes);
  }
  reader.expectEnd(end);
  return attributes;
}

/** Reads the name of an `InstrumentationScope`. */
function decodeScope(reader: WireReader, end: number): string {
  let name = '';
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === FIRST) name = reader.text();
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  return name;
}

/** Reads the next item and adds it, or several items if it contains several. */
export type DecodeItem<Item> = (reader: WireReader, end: number, add: (item: Item) => void) => void;

/**
 * The items of a request, in chunks. Requests of all signals have the same shape: a list of
 * resources, each with a list of scopes, each with a list of items.
 */
export function* decodeRequest<Item>(
  reader: WireReader,
  decode: DecodeItem<Item>,
): Generator<Batch<Item>, void> {
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === FIRST) yield* decodeOfResource(reader, reader.entryEnd(reader.len), decode);
    else reader.skipField(tag);
  }
  reader.expectEnd(reader.len);
}

function* decodeOfResource<Item>(reader: WireReader, end: number, decode: DecodeItem<Item>) {
  const start = reader.pos;
  const resource = findFirst(reader, end, decodeResource) ?? NOTHING;
  reader.pos = start;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === SECOND) yield* decodeOfScope(reader, reader.entryEnd(end), { resource, decode });
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
}

function* decodeOfScope<Item>(
  reader: WireReader,
  end: number,
  { resource, decode }: { readonly resource: Attributes; readonly decode: DecodeItem<Item> },
): Generator<Batch<Item>, void> {
  const start = reader.pos;
  const scope = findFirst(reader, end, decodeScope) ?? '';
  reader.pos = start;
  let items: Item[] = [];
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === SECOND) decode(reader, reader.entryEnd(end), (item) => items.push(item));
    else reader.skipField(tag);
    if (items.length < ITEMS_PER_PORTION) continue;
    // One metric may have any number of points.
    for (const portion of batchesOf(items, ITEMS_PER_PORTION)) yield { resource, scope, items: portion };
    items = [];
  }
  reader.expectEnd(end);
  if (items.length > 0) yield { resource, scope, items };
}

/**
 * The first occurrence of a field in a message, wherever it is: a sender may write it after the
 * others.
 */
function findFirst<Value>(
  reader: WireReader,
  end: number,
  read: (reader: WireReader, end: number) => Value,
): Value | undefined {
  let found: Value | undefined;
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (tag === FIRST) found = read(reader, reader.messageEnd(end));
    else reader.skipField(tag);
  }
  reader.expectEnd(end);
  return found;
}
