import type { EntityTable } from '../../core/dataset/table.ts';
import type { ObjectType } from '../builder.ts';
import { type Entity, stateType } from '../entities/entity.ts';
import type { TypeRegistry } from '../type-registry.ts';

/** The payload of a mutation that returns one state. */
export interface EntityPayload {
  /** The mutation, such as "createAlertRule". */
  readonly mutation: string;
  /** The field that holds the state, such as "rule". */
  readonly field: string;
  /** Shown to users: the description of the field. */
  readonly which: string;
}

/** `CreateAlertRulePayload { rule }` for `createAlertRule`. */
export function entityPayload(
  types: TypeRegistry,
  table: EntityTable,
  { mutation, field, which }: EntityPayload,
): ObjectType<Entity> {
  return types.builder.objectRef<Entity>(payloadName(mutation)).implement({
    description: `The result of \`${mutation}\`.`,
    fields: (t) => ({
      [field]: t.prismaField({
        type: stateType(types, table),
        description: which,
        resolve: (_query, entity) => entity,
      }),
    }),
  });
}

/** "CreateAlertRulePayload" for "createAlertRule". */
export const payloadName = (mutation: string): string =>
  `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;
