import type { InputBuilder, ObjectType } from '../../../graphql/builder.ts';
import { type Entity, entityType } from '../../../graphql/dataset/entity.ts';
import type { Parts } from '../../../graphql/dataset/parts.ts';
import { alertRules } from './definition.ts';

/** Which rule a mutation is about. */
export function ruleIdInput(t: InputBuilder) {
  return { ruleId: t.string({ required: true, description: 'The rule, by its id.' }) };
}

/** `CreateAlertRulePayload` for `createAlertRule`. `which`: in which state it holds the rule. */
export function rulePayload(parts: Parts, mutation: string, which: string): ObjectType<Entity> {
  const name = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Payload`;
  return parts.builder.objectRef<Entity>(name).implement({
    description: `What \`${mutation}\` answers.`,
    fields: (t) => ({
      rule: t.field({ type: entityType(parts, alertRules), description: which, resolve: (rule) => rule }),
    }),
  });
}
