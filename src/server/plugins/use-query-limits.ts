import {
  type ASTVisitor,
  type DocumentNode,
  GraphQLError,
  type ParseOptions,
  parse,
  type Source,
  type ValidationContext,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Config } from '../../config/config.ts';
import { measureQuery } from '../query-size.ts';

/** GraphiQL and code generators ask for types nested in lists and non-nulls down to here. */
const MAX_INTROSPECTION_DEPTH = 20;

const TOO_MANY_TOKENS = /document contains more tha[nt] \d+ tokens/i;

/**
 * Refuses documents that are too large to be worth running, as QUERY_TOO_COMPLEX: by tokens while they are parsed, by depth
 * and aliases while they are validated. A document is measured once; both outcomes are cached with it.
 */
export function useQueryLimits(limits: Config['limits']): Plugin {
  function parseLimited(source: string | Source, options?: ParseOptions): DocumentNode {
    try {
      return parse(source, { ...options, maxTokens: limits.queryTokens });
    } catch (error) {
      // graphql-js has no code for it; only the wording tells this error from a syntax error.
      if (error instanceof GraphQLError && TOO_MANY_TOKENS.test(error.message)) {
        throw tooComplex(`The document has more than ${limits.queryTokens} tokens (MAX_QUERY_TOKENS).`);
      }
      throw error;
    }
  }

  function QuerySizeRule(context: ValidationContext): ASTVisitor {
    return {
      OperationDefinition(operation) {
        const size = measureQuery(context.getDocument(), operation);
        const { queryDepth, aliases } = limits;
        if (size.depth > queryDepth) {
          context.reportError(
            tooComplex(`${size.depth} levels of fields; at most ${queryDepth} (MAX_QUERY_DEPTH).`),
          );
        }
        if (size.introspectionDepth > MAX_INTROSPECTION_DEPTH) {
          context.reportError(
            tooComplex(
              `${size.introspectionDepth} levels of introspection; at most ${MAX_INTROSPECTION_DEPTH}.`,
            ),
          );
        }
        if (size.aliases > aliases) {
          context.reportError(tooComplex(`${size.aliases} aliases; at most ${aliases} (MAX_ALIASES).`));
        }
      },
    };
  }

  return {
    onParse({ setParseFn }) {
      setParseFn(parseLimited);
    },
    onValidate({ addValidationRule }) {
      addValidationRule(QuerySizeRule);
    },
  };
}

function tooComplex(what: string): GraphQLError {
  return new GraphQLError(`The query is too complex: ${what}`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { spec: true, status: 400 } },
  });
}
