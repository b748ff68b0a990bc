import type { InputBuilder, ObjectType } from '../../../graphql/builder.ts';
import type { Entity } from '../../../graphql/dataset/entity.ts';
import { entityPayload } from '../../../graphql/dataset/entity-payload.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { alertRules } from './definition.ts';

/** Which rule a mutation is about. */
export function ruleIdInput(t: InputBuilder) {
  return { ruleId: t.string({ required: true, description: 'The rule, by its id.' }) };
}

/** `CreateAlertRulePayload` for `createAlertRule`. `which`: in which state it holds the rule. */
export function rulePayload(parts: Parts, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(parts, alertRules, { mutation, field: 'rule', which });
}
