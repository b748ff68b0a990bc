import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { readBodyParams, readUrlParams } from '../params.ts';
import { isJson } from './use-json-requests-only.ts';

/**
 * Reads requests on Yoga's path in the same way as the direct path does. Yoga's own parsers answer
 * malformed JSON in a URL with 500, and show the error of the JSON parser in `extensions`.
 */
export function useRequestParams(): Plugin<Context> {
  return {
    onRequestParse({ request, setRequestParser }) {
      if (request.method === 'GET') setRequestParser(({ url }) => readUrlParams(url));
      else if (request.method === 'POST' && isJson(request.headers.get('content-type')))
        setRequestParser(async (posted) => readBodyParams(await posted.text()));
    },
  };
}
