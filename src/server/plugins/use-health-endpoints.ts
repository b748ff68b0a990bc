import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/**
 * Whether the server can work now. `reason` tells an operator why not. It can work without its
 * replica.
 */
export type Readiness =
  | { readonly ready: true; readonly replica?: string }
  | { readonly ready: false; readonly reason: string };

/** Paths of the health endpoints. */
export const HEALTH_PATHS = { alive: '/healthz', ready: '/readyz' } as const;

/**
 * `GET /healthz` says that the process answers, as GraphQL Yoga's `/health` does without a body.
 * `GET /readyz` says that the server can work (see `createReadinessCheck`). If not, it answers 503
 * with the reason.
 */
export function useHealthEndpoints(readiness: () => Promise<Readiness>): Plugin<Context> {
  return {
    async onRequest({ url, request, fetchAPI, endResponse }) {
      const path = url.pathname;
      if (path !== HEALTH_PATHS.alive && path !== HEALTH_PATHS.ready) return;
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        endResponse(new fetchAPI.Response(null, { status: 405, headers: { allow: 'GET, HEAD' } }));
        return;
      }
      const state: Readiness = path === HEALTH_PATHS.alive ? { ready: true } : await readiness();
      const { replica } = state.ready ? state : {};
      const body = state.ready ? { status: 'ok', replica } : { status: 'unavailable', reason: state.reason };
      endResponse(
        new fetchAPI.Response(JSON.stringify(body), {
          status: state.ready ? 200 : 503,
          headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
        }),
      );
    },
  };
}
