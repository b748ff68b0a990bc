import type { Plugin } from 'graphql-yoga';
import { HEALTH_PATHS } from './use-health-endpoints.ts';

/**
 * `GET /`: what this is and where its endpoints are, for whoever has only the address. Browsers are
 * led to GraphiQL before.
 */
export function useStartPage(endpoint: string): Plugin {
  return {
    onRequest({ url, request, fetchAPI, endResponse }) {
      if (url.pathname !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return;
      const body = { name: 'Telltale', graphql: endpoint, subscriptions: endpoint, ...HEALTH_PATHS };
      endResponse(fetchAPI.Response.json(body));
    },
  };
}
