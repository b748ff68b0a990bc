import type { Plugin } from 'graphql-yoga';
import { refusalResponse } from '../refusal.ts';

/**
 * Any path but the endpoint gets a 404 that says where the endpoint is. Must come after the plugins
 * with paths of their own.
 */
export function useNotFound(endpoint: string): Plugin {
  return {
    onRequest({ url, fetchAPI, endResponse }) {
      if (url.pathname === endpoint || url.pathname === `${endpoint}/`) return;
      const message = `There is nothing at ${url.pathname}. GraphQL is at ${endpoint}.`;
      endResponse(refusalResponse({ status: 404, code: 'NOT_FOUND', message }, fetchAPI));
    },
  };
}
