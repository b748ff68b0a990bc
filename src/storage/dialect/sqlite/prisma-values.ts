import { type ArgType, type ColumnType, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import { damagedValue, LAST_INSTANT } from '../../errors.ts';
import { parseStored } from '../../stored-json.ts';
import type { Parameter } from './protocol.ts';

/*
 * The conversion of values between Prisma and SQLite, the same as in Prisma's own adapter for
 * better-sqlite3 with `timestampFormat: 'unixepoch-ms'`
 * (packages/adapter-better-sqlite3/src/conversion.ts).
 */

const TYPE_BY_DECLARATION: Readonly<Record<string, ColumnType>> = {
  DECIMAL: ColumnTypeEnum.Numeric,
  FLOAT: ColumnTypeEnum.Float,
  DOUBLE: ColumnTypeEnum.Double,
  'DOUBLE PRECISION': ColumnTypeEnum.Double,
  NUMERIC: ColumnTypeEnum.Double,
  REAL: ColumnTypeEnum.Double,
  INT: ColumnTypeEnum.Int32,
  INTEGER: ColumnTypeEnum.Int32,
  BIGINT: ColumnTypeEnum.Int64,
  DATETIME: ColumnTypeEnum.DateTime,
  TIMESTAMP: ColumnTypeEnum.DateTime,
  TEXT: ColumnTypeEnum.Text,
  VARCHAR: ColumnTypeEnum.Text,
  BLOB: ColumnTypeEnum.Bytes,
  BOOLEAN: ColumnTypeEnum.Boolean,
  JSONB: ColumnTypeEnum.Json,
};

/**
 * The types of the columns, as declared. The type of an expression, which has no declaration,
 * follows from its first value.
 */
export function columnTypes(
  declared: readonly (string | null)[],
  rows: readonly (readonly unknown[])[],
): ColumnType[] {
  return declared.map((name, index) => {
    const type = name === null ? undefined : TYPE_BY_DECLARATION[name.toUpperCase()];
    if (type !== undefined) return type;
    const row = rows.find((candidate) => candidate[index] !== null);
    return row === undefined ? ColumnTypeEnum.Int32 : typeOfValue(row[index]);
  });
}

function typeOfValue(value: unknown): ColumnType {
  switch (typeof value) {
    case 'string':
      return ColumnTypeEnum.Text;
    case 'bigint':
      return ColumnTypeEnum.Int64;
    case 'number':
      return ColumnTypeEnum.UnknownNumber;
    default:
      return ColumnTypeEnum.Bytes;
  }
}

/**
 * Converts a stored value to the form that Prisma expects.
 *
 * @throws StorageUnavailable for a value of the wrong type: the database is damaged
 */
export function fromSqlite(value: unknown, type: ColumnType | undefined): unknown {
  if (typeof value !== 'number' && typeof value !== 'bigint') return fromOther(value, type);
  if (type === ColumnTypeEnum.DateTime) {
    const time = Number(value);
    if (Math.abs(time) > LAST_INSTANT) throw damagedValue('a time', value);
    return new Date(time).toISOString();
  }
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  // A double in an integer column is possible, because SQLite keeps values that do not fit the
  // type.
  const isInteger = type === ColumnTypeEnum.Int32 || type === ColumnTypeEnum.Int64;
  return isInteger ? Math.trunc(value) : value;
}

function fromOther(value: unknown, type: ColumnType | undefined): unknown {
  if (value === null) return null;
  if (type !== undefined && NUMBERS.has(type)) throw damagedValue('a number', value);
  if (type === ColumnTypeEnum.Json) parseStored(String(value));
  if (type === ColumnTypeEnum.DateTime && Number.isNaN(Date.parse(String(value))))
    throw damagedValue('a time', value);
  return value;
}

const NUMBERS: ReadonlySet<ColumnType> = new Set([
  ColumnTypeEnum.Int32,
  ColumnTypeEnum.Int64,
  ColumnTypeEnum.Float,
  ColumnTypeEnum.Double,
  ColumnTypeEnum.Numeric,
  ColumnTypeEnum.Boolean,
]);

/** Converts an argument of Prisma to the form that SQLite expects. */
export function toSqlite(argument: unknown, type: ArgType | undefined): Parameter {
  if (typeof argument !== 'string') return argument as Parameter;
  switch (type?.scalarType) {
    case 'int':
      return Number.parseInt(argument, 10);
    case 'float':
    case 'decimal':
      return Number.parseFloat(argument);
    case 'bigint':
      return BigInt(argument);
    case 'datetime':
      return new Date(argument);
    case 'bytes':
      return Buffer.from(argument, 'base64');
    default:
      return argument;
  }
}
