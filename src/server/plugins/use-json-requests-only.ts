import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { refusalResponse } from '../refusal.ts';

/**
 * A POST must say `content-type: application/json`. Browsers send the other types that Yoga reads
 * (forms, plain text) across origins without a preflight, so a page could make its visitor's
 * browser run mutations (CSRF). GET runs queries only.
 */
export function useJsonRequestsOnly(): Plugin<Context> {
  return {
    onRequestParse({ request, endResponse, fetchAPI }) {
      if (request.method !== 'POST' || isJson(request.headers.get('content-type'))) return;
      endResponse(
        refusalResponse(
          {
            status: 415,
            code: 'BAD_USER_INPUT',
            message: 'Send the operation with the header "content-type: application/json".',
            headers: { accept: 'application/json' },
          },
          fetchAPI,
        ),
      );
    },
  };
}

const JSON_CONTENT = /^application\/(graphql\+)?json\s*(;|$)/i;

/** Whether a Content-Type header is JSON. */
export function isJson(contentType: string | null | undefined): boolean {
  return contentType != null && JSON_CONTENT.test(contentType);
}
