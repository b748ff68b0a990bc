import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import { allows, type Caller } from '../access/caller.ts';

/**
 * What a caller may learn about the schema. Callers with the scope READ may learn everything.
 * Others may not introspect, and messages suggest no names to them.
 */
export interface SchemaView {
  /** Additional validation rules. */
  readonly rules: readonly ValidationRule[];
  /** Converts the errors of validation to what the caller may see. */
  show(errors: readonly GraphQLError[]): readonly GraphQLError[];
}

const FOR_READERS: SchemaView = { rules: [], show: (errors) => errors };
const FOR_OTHERS: SchemaView = {
  rules: [NoSchemaIntrospectionCustomRule],
  show: (errors) => errors.map(withoutSuggestion),
};

export function schemaViewOf(caller: Pick<Caller, 'scopes'>): SchemaView {
  return allows(caller, 'READ') ? FOR_READERS : FOR_OTHERS;
}

/** The suggestion that graphql-js appends to messages about unknown names. */
const SUGGESTION = / Did you mean [^?]*\?/g;

function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '');
  return message === error.message ? error : new GraphQLError(message, error);
}
