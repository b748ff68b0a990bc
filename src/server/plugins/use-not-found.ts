import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { type Refusal, refusalResponse } from '../refusal.ts';

/**
 * Answers any path except the endpoint with a 404 that names the endpoint. Must come after the
 * plugins that have their own paths.
 */
export function useNotFound(endpoint: string): Plugin<Context> {
  return {
    onRequest({ url, fetchAPI, endResponse }) {
      if (url.pathname === endpoint) return;
      endResponse(refusalResponse(nothingAt(url.pathname, endpoint), fetchAPI));
    },
  };
}

export function nothingAt(path: string, endpoint: string): Refusal {
  const message = `There is nothing at ${path}. GraphQL is at ${endpoint}.`;
  return { status: 404, code: 'NOT_FOUND', message };
}
