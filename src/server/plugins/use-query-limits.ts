import type { DocumentNode, ParseOptions, Source } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createQuerySizeRule, parseLimited, type QueryLimits } from '../../graphql/limits/query-limits.ts';

/**
 * Refuses documents that are too large to be worth running, as QUERY_TOO_COMPLEX: by tokens while
 * they are parsed, by depth and aliases while they are validated. A document is measured once; both
 * outcomes are cached with it.
 */
export function useQueryLimits(limits: QueryLimits): Plugin {
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
