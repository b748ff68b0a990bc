import type { EnumRef, InputRef } from '@pothos/core';
import { type Column, isWide, NANO_USD_PER_USD } from '../../core/dataset/column.ts';
import { byName, namesOf } from '../../core/named.ts';
import { damagedValue } from '../../storage/errors.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** An enum whose values come from a declaration. Schema, inputs and rows use the same names. */
export type DerivedEnum = EnumRef<never, string, string>;

/** An input type whose fields come from a declaration. */
export type DerivedInput = InputRef<Record<string, unknown>>;

/** The type of a list of texts. */
const TEXT_LIST = ['String'] as const;

export type ColumnScalar =
  | 'UUID'
  | 'String'
  | 'Int'
  | 'SafeInt'
  | 'Float'
  | 'Boolean'
  | 'DateTime'
  | 'Duration'
  | 'JSON'
  | 'Tags';

/** The enum of a column of kind `enum`. Columns that name the same enum share it. */
export function columnEnum(types: TypeRegistry, column: Column): DerivedEnum {
  const { enumName, values, description } = column;
  if (enumName === undefined || values === undefined) throw new Error(`The column ${column.name} is no enum`);
  return types.once(enumName, (builder) =>
    builder.enumType(enumName, {
      description,
      values: enumValues(values),
    }),
  );
}

/** The values of an enum, by name, from their descriptions. */
export function enumValues<Name extends string>(descriptions: Readonly<Record<Name, string>>) {
  return byName(namesOf(descriptions), (name) => ({ description: descriptions[name] }));
}

/** The GraphQL type of a column's values. */
export function columnType(
  types: TypeRegistry,
  column: Column,
): ColumnScalar | DerivedEnum | typeof TEXT_LIST {
  switch (column.kind) {
    case 'enum':
      return columnEnum(types, column);
    case 'uuid':
      return 'UUID';
    case 'text':
      return 'String';
    case 'integer':
      return isWide(column) ? 'SafeInt' : 'Int';
    case 'float':
    case 'money':
      return 'Float';
    case 'boolean':
      return 'Boolean';
    case 'timestamp':
      return 'DateTime';
    case 'duration':
      return 'Duration';
    case 'json':
      return column.texts === undefined ? 'JSON' : 'Tags';
    case 'texts':
      return TEXT_LIST;
  }
}

/**
 * The GraphQL type of a column's values, for a field. Pothos infers the TypeScript type of a
 * field's values from its GraphQL type. For derived columns it cannot know that type, so all of
 * them pass as text.
 */
export const columnFieldType = (types: TypeRegistry, column: Column): 'String' =>
  columnType(types, column) as 'String';

/**
 * Converts Prisma's value of a column to the value that users see: money from nano-USD (a bigint)
 * to USD, other bigints to numbers.
 *
 * @throws StorageUnavailable for a time that Prisma cannot read, such as one after the year 9999.
 *   The database is damaged, or an older version stored the time.
 */
export function fromPrisma(column: Column, value: unknown): unknown {
  if (value instanceof Date && Number.isNaN(value.getTime())) throw damagedValue('a time', value);
  if (column.kind === 'money') return value == null ? null : Number(value) / NANO_USD_PER_USD;
  return typeof value === 'bigint' ? Number(value) : value;
}
