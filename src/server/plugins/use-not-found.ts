import type { Plugin } from 'graphql-yoga';
import { refusalResponse } from '../refusal.ts';

/**
 * Answers any path except the endpoint with a 404 that names the endpoint. Must come after the
 * plugins that have their own paths.
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
