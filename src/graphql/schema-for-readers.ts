import { GraphQLError, NoSchemaIntrospectionCustomRule, type ValidationRule } from 'graphql';
import { allows, type Caller } from '../access/caller.ts';

/**
 * What a caller may learn of the schema: those with the scope READ everything. Others may not
 * introspect, and messages do not suggest names to them.
 */
export interface SchemaView {
  /** Validation rules besides the others. */
  readonly rules: readonly ValidationRule[];
  /** The errors of the validation, as the caller may see them. */
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

/** What graphql-js adds to messages about unknown names. */
const SUGGESTION = / Did you mean [^?]*\?/g;

function withoutSuggestion(error: GraphQLError): GraphQLError {
  const message = error.message.replace(SUGGESTION, '');
  return message === error.message ? error : new GraphQLError(message, error);
}
