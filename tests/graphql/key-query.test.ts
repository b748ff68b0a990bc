import { isObjectType } from 'graphql';
import { expect, it } from 'vitest';
import { text } from '../../src/core/dataset/column.ts';
import { defineState } from '../../src/core/dataset/state.ts';
import { states } from '../../src/declarations/registry.ts';
import { createSchema } from '../../src/schema.ts';

const queries = createSchema().getQueryType()?.getFields() ?? {};

it.each(states.filter(({ byKey }) => byKey !== undefined))('one $name can be found by its key', (state) => {
  const { entity, naturalKey, byKey } = state;
  const query = queries[entity.charAt(0).toLowerCase() + entity.slice(1)];
  expect(query).toMatchObject({ description: byKey?.description });
  expect(isObjectType(query?.type) && query.type.name).toBe(entity);
  expect(query?.args.map(({ name, type }) => `${name}: ${type}`)).toEqual([`${naturalKey}: String!`]);
});

it('a query by key needs a natural key', () => {
  expect(() =>
    defineState({
      name: 'notes',
      entity: 'Note',
      table: 'notes',
      description: 'A note.',
      columns: { body: text({ description: 'What it says.' }) },
      byKey: { description: 'The note.', key: 'Its key.' },
    }),
  ).toThrow('notes: a query by its natural key needs a natural key');
});
