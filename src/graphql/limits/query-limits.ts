import {
  type DocumentNode,
  GraphQLError,
  type ParseOptions,
  parse,
  Source,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';
import type { Config } from '../../config/config.ts';
import { isNestedDeeper } from './nesting.ts';
import { measureQuery, type QuerySize } from './query-size.ts';

/** The limits for the size and the price of a document. */
export type QueryLimits = Pick<Config['limits'], 'queryDepth' | 'queryTokens' | 'aliases' | 'queryCost'>;

/** Enough for GraphiQL and code generators, which select nested `ofType`. */
const MAX_INTROSPECTION_DEPTH = 20;

const TOO_MANY_TOKENS = /document contains more tha[nt] \d+ tokens/i;

/**
 * The levels of nested brackets allowed in addition to those of fields: arguments, lists and
 * objects.
 */
const MAX_VALUE_LEVELS = 200;

/**
 * Parses a document. Stops at the token limit, and before brackets whose nesting would overflow the
 * parser's stack.
 *
 * @throws GraphQLError for a syntax error, and with the code QUERY_TOO_COMPLEX for a limit.
 */
export function parseLimited(
  source: string | Source,
  { queryTokens, queryDepth }: QueryLimits,
  options?: ParseOptions,
): DocumentNode {
  const levels = queryDepth + MAX_VALUE_LEVELS;
  const document = typeof source === 'string' ? new Source(source) : source;
  if (isNestedDeeper(document, levels, queryTokens)) {
    throw tooComplex(`The document has more than ${levels} levels of nested brackets.`);
  }
  try {
    return parse(document, { ...options, maxTokens: queryTokens });
  } catch (error) {
    // graphql-js has no code for this error. Only its message distinguishes it from a syntax error.
    if (error instanceof GraphQLError && TOO_MANY_TOKENS.test(error.message)) {
      throw tooComplex(`The document has more than ${queryTokens} tokens (MAX_QUERY_TOKENS).`);
    }
    throw error;
  }
}

/**
 * A validation rule in addition to the specified ones. It reports operations that are too deep or
 * have too many aliases.
 */
export function createQuerySizeRule(limits: QueryLimits): ValidationRule {
  return (context: ValidationContext) => ({
    OperationDefinition(operation) {
      const size = measureQuery(context.getDocument(), operation);
      for (const fault of faultsOf(size, limits)) context.reportError(tooComplex(fault));
    },
  });
}

function faultsOf({ depth, introspectionDepth, aliases }: QuerySize, limits: QueryLimits): readonly string[] {
  const faults: string[] = [];
  if (depth > limits.queryDepth) {
    faults.push(`${depth} levels of fields; at most ${limits.queryDepth} (MAX_QUERY_DEPTH).`);
  }
  if (introspectionDepth > MAX_INTROSPECTION_DEPTH) {
    faults.push(`${introspectionDepth} levels of introspection; at most ${MAX_INTROSPECTION_DEPTH}.`);
  }
  if (aliases > limits.aliases) {
    faults.push(`${aliases} aliases; at most ${limits.aliases} (MAX_ALIASES).`);
  }
  return faults;
}

function tooComplex(what: string): GraphQLError {
  return new GraphQLError(`The query is too complex: ${what}`, {
    extensions: { code: 'QUERY_TOO_COMPLEX', http: { spec: true, status: 400 } },
  });
}
