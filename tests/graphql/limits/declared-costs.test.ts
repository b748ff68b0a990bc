import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isObjectType,
} from 'graphql';
import { expect, it } from 'vitest';
import { createSchema } from '../../../src/schema.ts';

const schema = createSchema();
const objects = Object.values(schema.getTypeMap()).filter(
  (type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('__'),
);
const fields = objects.flatMap((type) => Object.values(type.getFields()).map((field) => ({ type, field })));

const isConnection = (field: GraphQLField<unknown, unknown>) =>
  getNamedType(field.type).name.endsWith('Connection');
const has = (field: GraphQLField<unknown, unknown>, ...names: string[]) =>
  field.args.some(({ name }) => names.includes(name));

/** Every field with arguments that determine how much is read or shown. */
const sized = fields.filter(
  ({ type, field }) =>
    isConnection(field) ||
    (has(field, 'first') && isCompositeType(getNamedType(field.type))) ||
    (type === schema.getQueryType() && has(field, 'range', 'days', 'ids', 'from')),
);

it('every field with a page, a range or a number of days declares its cost', () => {
  expect(sized.length).toBeGreaterThan(60);
  const missing = sized.filter(({ field }) => typeof field.extensions['telltaleCost'] !== 'function');
  expect(missing.map(({ type, field }) => `${type.name}.${field.name}`)).toEqual([]);
});

it('the parts of a page declare their costs too', () => {
  const pages = fields.filter(({ type }) => type.name.endsWith('Connection'));
  expect(pages.length).toBeGreaterThan(80);
  expect(pages.filter(({ field }) => field.extensions['telltaleCost'] === undefined)).toEqual([]);
});
