import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { schemaViewOf } from '../../graphql/schema-for-readers.ts';

/** Shows the schema to callers with the scope READ only. */
export function useSchemaForReaders(): Plugin<Context> {
  return {
    onValidate({ context, addValidationRule }) {
      const { rules, show } = schemaViewOf(context.caller);
      for (const rule of rules) addValidationRule(rule);
      return ({ valid, result, setResult }) => {
        if (!valid) setResult([...show(result.filter((error) => error instanceof GraphQLError))]);
      };
    },
  };
}
