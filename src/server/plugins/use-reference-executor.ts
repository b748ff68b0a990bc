import { execute } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/**
 * Runs queries and mutations with graphql-js instead of Yoga's executor, which orders the fields of
 * a response by the time they were resolved. The specification requires the order of the selection,
 * and people compare responses by eye.
 */
export function useReferenceExecutor(): Plugin<Context> {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute);
    },
  };
}
