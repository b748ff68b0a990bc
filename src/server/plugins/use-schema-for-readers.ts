import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { Plugin, YogaInitialContext } from 'graphql-yoga';
import { allows } from '../../access/caller.ts';
import type { Context } from '../../graphql/context.ts';

/** What graphql-js adds to messages about unknown names. */
const SUGGESTION = / Did you mean [^?]*\?/g;

/**
 * Shows the schema to callers with the scope READ only: others may not introspect, and messages do
 * not suggest names to them.
 */
export function useSchemaForReaders(): Plugin {
  return {
    onValidate({ context, addValidationRule }) {
      const { caller } = context as YogaInitialContext & Context;
      if (allows(caller, 'READ')) return undefined;
      addValidationRule(NoSchemaIntrospectionCustomRule);
      return ({ valid, result, setResult }) => {
        if (!valid) setResult(result.map(withoutSuggestion));
      };
    },
  };
}

function withoutSuggestion(error: Error): Error {
  if (!(error instanceof GraphQLError)) return error;
  const message = error.message.replace(SUGGESTION, '');
  return message === error.message ? error : new GraphQLError(message, error);
}
