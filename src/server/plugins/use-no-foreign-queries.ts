import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { refusalResponse } from '../refusal.ts';

/** Values of Sec-Fetch-Site for requests that a page of another site causes. */
const FOREIGN: ReadonlySet<string | null> = new Set(['cross-site', 'same-site']);

/**
 * Rejects GET queries that a page of another site causes, for example by `<img>` or a link.
 * Browsers send no Origin with them, but Sec-Fetch-Site says where they come from. The page cannot
 * read the answer, but the query would run. Requests with an Origin were checked before (`Cors`).
 */
export function useNoForeignQueries(): Plugin<Context> {
  return {
    onRequestParse({ request, endResponse, fetchAPI }) {
      if (request.headers.get('origin') !== null) return;
      if (!FOREIGN.has(request.headers.get('sec-fetch-site'))) return;
      endResponse(
        refusalResponse(
          {
            status: 403,
            code: 'FORBIDDEN',
            message: 'A page of another site may not make a browser run a query. Send the query with POST.',
          },
          fetchAPI,
        ),
      );
    },
  };
}
