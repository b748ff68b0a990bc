import { type GraphQLField, type GraphQLOutputType, getNamedType } from 'graphql';
import { states } from '../../../src/declarations/registry.ts';
import { createSchema } from '../../../src/schema.ts';
import { rootFieldsOf } from './root-fields.ts';
import { relationsOnce, selectAll } from './selection.ts';

export const STATES = new Set(states.map(({ entity }) => entity));

/** Fields below the root that show states, or how an answer was read. */
const isOpen = ({ name, type }: GraphQLField<unknown, unknown>) =>
  !STATES.has(getNamedType(type).name) && name !== 'source';
const once = relationsOnce();
const select = (type: GraphQLOutputType) =>
  selectAll(type, 4, (field, levels) => isOpen(field) && once(field, levels));
const values = { range: { last: 'P1D' }, metricId: 'revenue_total', id: 'LlmCall:x', ids: [] };
const fields = rootFieldsOf(createSchema(), { values, select });
const queries = fields.filter(({ kind }) => kind === 'query');
export const tails = rootFieldsOf(createSchema(), { select: () => 'service' }).filter(
  ({ kind, rowsOf }) => kind === 'subscription' && rowsOf !== null,
);
export const open = queries.filter(({ rowsOf }) => rowsOf !== null && rowsOf.length > 0);
export const closed = fields.filter(({ rowsOf }) => rowsOf === null);
