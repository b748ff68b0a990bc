import { GraphQLError, type ValueNode } from 'graphql';
import { Temporal } from 'temporal-polyfill';
import { isUuid, normalizeUuid } from '../core/ids.ts';
import { MAX_JSON_LEVELS } from '../core/json-depth.ts';
import { parseTimestamp } from '../core/time/parse-timestamp.ts';
import { isTimeZone } from '../core/time/zone.ts';
import { literalValue } from './literal-value.ts';

/** The types of our scalars in resolvers: `Input` for arguments, `Output` for results. */
export type Scalars = {
  /** Output: a Date, as Prisma returns it, or epoch milliseconds. */
  DateTime: { Input: Date; Output: Date | number };
  /** A valid ISO-8601 duration. */
  Duration: { Input: string; Output: string };
  /** Text that `attributeName` accepts: it rejects text that is not a path. */
  AttributePath: { Input: string; Output: string };
  /** A zone that `isTimeZone` accepts. */
  TimeZone: { Input: string; Output: string };
  /** Lower case. */
  UUID: { Input: string; Output: string };
  JSON: { Input: unknown; Output: unknown };
  /** Checked with the event, whose position the error gives. */
  Tags: { Input: unknown; Output: Readonly<Record<string, string>> };
  SafeInt: { Input: number; Output: number };
};

interface ScalarDefinition<Input, Output> {
  readonly name: keyof Scalars;
  readonly description: string;
  readonly specifiedByURL?: string;
  /**
   * Returns the value for resolvers. Throws if the scalar does not accept it; the message says what
   * would be valid.
   */
  readonly parse: (value: unknown) => Input;
  readonly serialize: (value: Output) => unknown;
}

function parseDateTime(value: unknown): Date {
  const milliseconds = typeof value === 'string' ? parseTimestamp(value) : Number.NaN;
  if (!Number.isNaN(milliseconds)) return new Date(milliseconds);
  throw refuse(value, 'an instant in ISO 8601 with an offset, such as "2026-01-31T12:00:00Z"');
}

function serializeDateTime(value: Date | number): string {
  return (typeof value === 'number' ? new Date(value) : value).toISOString();
}

function parseDuration(value: unknown): string {
  try {
    const text = typeof value === 'string' ? value : '';
    Temporal.Duration.from(text);
    return text;
  } catch {
    throw refuse(value, 'a duration in ISO 8601, such as "PT24H", "P7D" or "P1M"');
  }
}

function parseTimeZone(value: unknown): string {
  if (typeof value === 'string' && isTimeZone(value)) return value;
  throw refuse(value, 'a time zone of the IANA database or an offset, such as "Europe/Berlin" or "+05:30"');
}

function parseAttributePath(value: unknown): string {
  if (typeof value === 'string') return value;
  throw refuse(value, 'the path of an attribute, such as "region" or "cart.items"');
}

function parseUuid(value: unknown): string {
  if (typeof value === 'string' && isUuid(value)) return normalizeUuid(value);
  throw refuse(value, 'a UUID, such as "01981234-5678-7abc-8def-0123456789ab"');
}

function parseSafeInt(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw refuse(value, 'a whole number between -(2^53 - 1) and 2^53 - 1');
}

/** The error says what would be valid. The GraphQL layer adds the position. */
function refuse(value: unknown, expected: string): GraphQLError {
  return new GraphQLError(`${JSON.stringify(value) ?? 'nothing'} cannot be used: expected ${expected}.`);
}

/**
 * Parses a literal and adds its node to errors: graphql-js reports a GraphQLError as it is, and
 * would otherwise give no position.
 */
function parseLiteral<Input>(parse: (value: unknown) => Input, node: ValueNode, value: unknown): Input {
  try {
    return parse(value);
  } catch (error) {
    throw error instanceof GraphQLError ? new GraphQLError(error.message, { nodes: node }) : error;
  }
}

const same = <Value>(value: Value): Value => value;

const DEFINITIONS: {
  readonly [Name in keyof Scalars]: ScalarDefinition<Scalars[Name]['Input'], Scalars[Name]['Output']>;
} = {
  DateTime: {
    name: 'DateTime',
    description: 'An instant in ISO 8601. Returned in UTC with milliseconds: "2026-01-31T12:00:00.000Z".',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
    parse: parseDateTime,
    serialize: serializeDateTime,
  },
  Duration: {
    name: 'Duration',
    description: 'A length of time in ISO 8601: "PT5M", "PT24H", "P7D", "P1M".',
    parse: parseDuration,
    serialize: same,
  },
  TimeZone: {
    name: 'TimeZone',
    description:
      'A time zone: a name from the IANA database ("UTC", "Europe/Berlin", "Asia/Kolkata"), or ' +
      'a fixed offset from UTC ("+05:30", "-08:00").',
    specifiedByURL: 'https://www.iana.org/time-zones',
    parse: parseTimeZone,
    serialize: same,
  },
  AttributePath: {
    name: 'AttributePath',
    description:
      'The path of an attribute: the keys that lead to a value within the `attributes` of an ' +
      'event, separated by dots: "region", or "cart.items" for a value within an object. A key ' +
      'that contains a dot is written in quotes: "\\"a.b\\".c". At most 10 keys.',
    parse: parseAttributePath,
    serialize: same,
  },
  UUID: {
    name: 'UUID',
    description: 'A UUID of any version in its canonical form. Returned in lower case.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc9562',
    parse: parseUuid,
    serialize: same,
  },
  JSON: {
    name: 'JSON',
    description:
      `Any JSON value. Values to be stored may have at most ${MAX_JSON_LEVELS} levels of lists and ` +
      'objects, and numbers from -(2^53 - 1) to 2^53 - 1. Larger numbers are rejected: send them ' +
      'as text.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
    parse: same,
    serialize: same,
  },
  Tags: {
    name: 'Tags',
    description: 'A JSON object whose values are text: {"team": "search", "repo": "shop"}.',
    specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
    parse: same,
    serialize: same,
  },
  SafeInt: {
    name: 'SafeInt',
    description: 'A whole number that a double holds exactly: between -(2^53 - 1) and 2^53 - 1.',
    parse: parseSafeInt,
    serialize: serializeSafeInt,
  },
};

function serializeSafeInt(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new TypeError(`SafeInt cannot represent ${value}`);
}

/**
 * The part of a builder that `addScalars` needs. Its types are loose, because the type of the
 * builder is derived from `Scalars`.
 */
interface ScalarBuilder {
  scalarType(name: string, options: object): unknown;
}

/** Adds the scalars to a builder. */
export function addScalars(builder: ScalarBuilder): void {
  for (const { name, parse, ...definition } of Object.values(DEFINITIONS)) {
    builder.scalarType(name, {
      ...definition,
      parseValue: parse,
      parseLiteral: (node: ValueNode, variables?: Record<string, unknown>) =>
        parseLiteral(parse, node, literalValue(node, variables)),
    });
  }
}
