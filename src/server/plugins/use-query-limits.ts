import type { DocumentNode, ParseOptions, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { createQuerySizeRule, parseLimited, type QueryLimits } from '../../graphql/limits/query-limits.ts';

/**
 * Rejects documents that are too large, with QUERY_TOO_COMPLEX: by tokens while parsing, by depth
 * and aliases while validating. A document is measured once; both results are cached with it.
 */
export function useQueryLimits(limits: QueryLimits): Plugin<Context> {
  const sizeRule = createQuerySizeRule(limits);
  const parse = (source: string | Source, options?: ParseOptions): DocumentNode =>
    parseLimited(source, limits, options);
  return {
    onParse({ setParseFn }) {
      setParseFn(parse);
    },
    onValidate({ addValidationRule }) {
      addValidationRule(sizeRule);
    },
  };
}
