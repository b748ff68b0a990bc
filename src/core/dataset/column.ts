/**
 * The columns of a dataset: what a value is, what it is for, and how it reaches the table.
 * Everything that handles events (input types, validation, insert, filters, rollups) reads these
 * descriptions.
 */

/**
 * What a stored value is. `money` is an integer count of nano-USD in the table and a number of USD
 * outside; `texts` is a JSON array of texts in the table and a list outside; `duration` is ISO-8601
 * text in both.
 */
export type ColumnKind =
  | 'uuid'
  | 'text'
  | 'enum'
  | 'integer'
  | 'float'
  | 'money'
  | 'boolean'
  | 'timestamp'
  | 'duration'
  | 'json'
  | 'texts';

/**
 * `dimension`: group and filter by it. `measure`: aggregate it. `attribute`: store, filter and show
 * it.
 */
export type ColumnRole = 'dimension' | 'measure' | 'attribute';

/**
 * A value in a row. Timestamps are epoch milliseconds, money is nano-USD; JSON values and lists of
 * texts are JSON text.
 */
export type ColumnValue = string | number | boolean | null;

/**
 * Who provides the value. `client`: the input (required unless optional or defaulted).
 * `client-or-server`: the input, otherwise the dataset's `complete` function. `server`: never the
 * input.
 */
export type ColumnSource = 'client' | 'client-or-server' | 'server';

/**
 * The options of a column. The compiler knows its role, whether it may be absent, and its source.
 */
export interface ColumnOptions<
  Role extends ColumnRole = ColumnRole,
  Optional extends boolean = boolean,
  Source extends ColumnSource = ColumnSource,
> {
  /** Shown to users in GraphiQL: meaning and unit. */
  readonly description: string;
  readonly role?: Role;
  /** The stored value may be absent (null). */
  readonly optional?: Optional;
  /** Stored when the input leaves the field out. */
  readonly default?: Exclude<ColumnValue, null>;
  readonly source?: Source;
  /**
   * Text, and each text of a list: the maximum number of characters. A longer value is rejected
   * unless `truncate` is set.
   */
  readonly maxLength?: number;
  /** Text: cut a longer value to `maxLength` instead of rejecting it (stack traces). */
  readonly truncate?: boolean;
  /** Numbers: the smallest and the largest accepted value. Durations: in milliseconds. */
  readonly min?: number;
  readonly max?: number;
  /** Lists of texts: the maximum number of texts. */
  readonly maxItems?: number;
  /** Text: what it must match, and the same in words that continue the sentence "… must". */
  readonly pattern?: { readonly matches: RegExp; readonly wanted: string };
  /**
   * Text: an empty text has a meaning (nobody, no words) and is stored as it is. Without this
   * option it counts as absent.
   */
  readonly mayBeEmpty?: boolean;
  /** Times: when something happened; times more than 24 h in the future are rejected. */
  readonly past?: boolean;
  /**
   * Text, lists of texts and JSON: stored as sent. Only for identifiers and for text that programs
   * parse (a query, a filter, an address). In all other columns secrets are masked before they are
   * stored.
   */
  readonly verbatim?: boolean;
  /**
   * Optional text of a dataset: an IP address. The project of the event decides how much of it is
   * stored (`IpAddresses`).
   */
  readonly ipAddress?: boolean;
  /** JSON: any value is accepted, not only an object. */
  readonly anyJson?: boolean;
  /** JSON: an object of texts, within these bounds. Null and empty texts in it count as absent. */
  readonly texts?: TextMap;
  /** Measures: keep a histogram in the rollups, so that quantiles need no raw rows. */
  readonly quantiles?: boolean;
  /** Dimensions: nearly every event may have a different value. Queries by it cost more. */
  readonly manyValues?: boolean;
  /** Lists can be sorted by it. They can always be sorted by times and measures. */
  readonly sortable?: boolean;
  /** Only stored: the API has no field, filter or order for it. */
  readonly hidden?: boolean;
  /** Hidden text that full-text search uses: the name of the visible column whose text it holds. */
  readonly textOf?: string;
}

/** The bounds of an object of texts: their number, and the characters of each. */
export interface TextMap {
  readonly most: number;
  readonly keyLength: number;
  readonly valueLength: number;
}

export interface ColumnType<
  Kind extends ColumnKind = ColumnKind,
  Role extends ColumnRole = ColumnRole,
  Optional extends boolean = boolean,
  Source extends ColumnSource = ColumnSource,
> extends ColumnOptions<Role, Optional, Source> {
  readonly kind: Kind;
  /** Enums: the GraphQL enum's name and its values with their descriptions. */
  readonly enumName?: string;
  readonly values?: Readonly<Record<string, string>>;
}

/** An enum. The compiler knows the names of its values. */
export interface EnumType<
  Name extends string,
  Role extends ColumnRole,
  Optional extends boolean,
  Source extends ColumnSource,
> extends ColumnType<'enum', Role, Optional, Source> {
  readonly enumName: string;
  readonly values: Readonly<Record<Name, string>>;
}

/** A column at its position in a table. */
export interface Column extends ColumnType {
  /** Name in GraphQL and in code, in camelCase. */
  readonly name: string;
  readonly role: ColumnRole;
  readonly source: ColumnSource;
  readonly optional: boolean;
  /** Name in the table, in snake_case; money has the suffix `_nano_usd`. */
  readonly sqlName: string;
  /** Name of the Prisma field. */
  readonly prismaName: string;
  /** Position in a row. */
  readonly index: number;
  /** The keys that lead to an attribute within the JSON of the column (`fieldOf`). */
  readonly path?: readonly string[];
}

/** Nano-USD in one USD. Money is stored as integers, so that sums are exact. */
export const NANO_USD_PER_USD = 1e9;

const DEFAULT_TEXT_LENGTH = 200;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;
/** Largest value of a 32-bit column, the width of Prisma's Int on both databases. */
const MAX_INT32 = 2 ** 31 - 1;

/**
 * Declares a column of one kind. By default it is an attribute that each client must send.
 * `NoInfer` prevents the context of the call from inferring anything else.
 */
type Declare<Kind extends ColumnKind, Roles extends ColumnRole> = <
  Role extends Roles = 'attribute' & Roles,
  Optional extends boolean = false,
  Source extends ColumnSource = 'client',
>(
  options: ColumnOptions<Role, Optional, Source>,
) => ColumnType<Kind, NoInfer<Role>, NoInfer<Optional>, NoInfer<Source>>;

/** Only numbers can be measures. */
type Plain<Kind extends ColumnKind> = Declare<Kind, Exclude<ColumnRole, 'measure'>>;
type Numeric<Kind extends ColumnKind> = Declare<Kind, ColumnRole>;

/** Text of at most `maxLength` characters (default 200). */
export const text: Plain<'text'> = (options) => ({
  kind: 'text',
  maxLength: DEFAULT_TEXT_LENGTH,
  ...options,
});

/** A whole number, by default from 0 to 2^31 - 1. */
export const integer: Numeric<'integer'> = (options) => ({
  kind: 'integer',
  min: 0,
  max: MAX_INT32,
  ...options,
});

/** Whether an integer may need more than 32 bits: its column is a BigInt in Prisma. */
export const isWide = ({ kind, max = MAX_INT32 }: Pick<ColumnType, 'kind' | 'max'>): boolean =>
  kind === 'integer' && max > MAX_INT32;

/** A finite double, by default not negative. */
export const float: Numeric<'float'> = (options) => ({ kind: 'float', min: 0, max: MAX_SAFE, ...options });

/** An amount in USD, stored in nano-USD. Between 0 and 9,000,000 USD. */
export const money: Numeric<'money'> = (options) => ({ kind: 'money', min: 0, max: 9e6, ...options });

export const boolean: Plain<'boolean'> = (options) => ({ kind: 'boolean', ...options });

/** An instant with millisecond precision. */
export const timestamp: Plain<'timestamp'> = (options) => ({ kind: 'timestamp', ...options });

/** A length of time that does not depend on when it starts, as ISO-8601 text: "PT5M", "P1D". */
export const duration: Plain<'duration'> = (options) => ({
  kind: 'duration',
  min: 0,
  max: MAX_SAFE,
  ...options,
});

export const uuid: Plain<'uuid'> = (options) => ({ kind: 'uuid', ...options });

/**
 * A list of distinct texts in the order given: at most `maxItems` (default 50), each of at most
 * `maxLength` (default 200) characters.
 */
export const texts: Plain<'texts'> = (options) => ({
  kind: 'texts',
  maxLength: DEFAULT_TEXT_LENGTH,
  maxItems: 50,
  ...options,
});

/** A JSON value; `maxLength` bounds its text (default 8,192 characters). */
export const json: Plain<'json'> = (options) => ({ kind: 'json', maxLength: 8192, ...options });

/**
 * One of a closed set of names. Stored as text: SQLite has no enums, and a new value of a
 * PostgreSQL enum needs a migration.
 */
export const enumeration = <
  Name extends string,
  Role extends Exclude<ColumnRole, 'measure'> = 'attribute',
  Optional extends boolean = false,
  Source extends ColumnSource = 'client',
>(
  enumName: string,
  values: Readonly<Record<Name, string>>,
  options: ColumnOptions<Role, Optional, Source>,
): EnumType<Name, NoInfer<Role>, NoInfer<Optional>, NoInfer<Source>> => ({
  kind: 'enum',
  enumName,
  values,
  ...options,
});

/** `timeToFirstTokenMs` → `time_to_first_token_ms`. */
export function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Makes a column from a type, a name and the position in the table. */
export function placeColumn(name: string, type: ColumnType, index: number): Column {
  const prismaName = type.kind === 'money' ? `${name}NanoUsd` : name;
  return {
    ...type,
    name,
    index,
    role: type.role ?? 'attribute',
    source: type.source ?? 'client',
    optional: type.optional ?? false,
    prismaName,
    sqlName: toSnakeCase(prismaName),
  };
}

/**
 * Whether the client may omit the value. It then becomes null, a default, or a value that the
 * server computes.
 */
export function mayBeAbsent({ source, optional, default: fallback }: Column): boolean {
  return source !== 'client' || optional || fallback !== undefined;
}

/**
 * Whether the value counts as absent because a client sent an empty text. Where a value may not be
 * absent, an empty text is rejected like a missing one.
 */
export function isAbsentText(column: Column, value: unknown): boolean {
  const { kind, source, mayBeEmpty } = column;
  return value === '' && kind === 'text' && source !== 'server' && !mayBeEmpty && mayBeAbsent(column);
}

/** Converts a stored number to the unit that users see: nano-USD to USD, others unchanged. */
export function toPublicNumber(column: Column, stored: number): number {
  return column.kind === 'money' ? stored / NANO_USD_PER_USD : stored;
}

/** The inverse of `toPublicNumber`. Rounds money to whole nano-USD. */
export function toStoredNumber(column: Column, value: number): number {
  return column.kind === 'money' ? Math.round(value * NANO_USD_PER_USD) : value;
}
