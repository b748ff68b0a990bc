import { alertRules } from '../../../declarations/alerts/alert-rules.ts';
import type { InputBuilder, ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** Identifies the rule that a mutation is about. */
export function ruleIdInput(t: InputBuilder) {
  return { ruleId: t.string({ required: true, description: 'The rule, by its id.' }) };
}

/** `CreateAlertRulePayload` for `createAlertRule`. `which` describes the rule in it. */
export function rulePayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, alertRules, { mutation, field: 'rule', which });
}
