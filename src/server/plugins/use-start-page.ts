import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { HEALTH_PATHS } from './use-health-endpoints.ts';

/**
 * `GET /` says what this server is and lists its endpoints. Browsers were redirected to GraphiQL
 * before.
 */
export function useStartPage(endpoint: string): Plugin<Context> {
  return {
    onRequest({ url, request, fetchAPI, endResponse }) {
      if (url.pathname !== '/' || (request.method !== 'GET' && request.method !== 'HEAD')) return;
      const body = { name: 'Telltale', graphql: endpoint, subscriptions: endpoint, ...HEALTH_PATHS };
      endResponse(fetchAPI.Response.json(body));
    },
  };
}
