import { getOperationAST, parse, validate } from 'graphql';
import { expect } from 'vitest';
import { priceQuery } from '../../../../src/graphql/limits/query-cost.ts';
import { createSchema } from '../../../../src/schema.ts';

export const NOW = Date.parse('2026-11-22T12:00:00.000Z');
export const schema = createSchema();

interface Operation {
  readonly variables?: Record<string, unknown>;
  readonly name?: string;
}

export function costOf(source: string, { variables = {}, name }: Operation = {}) {
  const document = parse(source);
  expect(validate(schema, document)).toEqual([]);
  const operation = getOperationAST(document, name);
  if (operation == null) throw new Error(`No operation in ${source}`);
  return priceQuery({ schema, document, operation, variables, now: NOW });
}

export const priceOf = (source: string, operation?: Operation) => costOf(source, operation)?.requested;
