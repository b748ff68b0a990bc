import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import { acceptsEncoding } from '../accept.ts';
import { VARY } from '../cors.ts';
import { KEY_SCRIPT } from '../graphiql-key.ts';
import { graphiqlTabs } from '../graphiql-tabs/tabs.ts';

/** The page in one encoding, ready to send. */
interface Page {
  readonly body: Buffer;
  readonly encoding: string | null;
}

interface GraphiqlPage {
  readonly etag: string;
  in(acceptEncoding: string): Promise<Page>;
}

/**
 * Serves GraphiQL to browsers that open the endpoint or `path`. The page contains everything it
 * needs, so it works offline and is 9 MB. It is built and compressed at the first visit, off the
 * event loop, and revalidated by its ETag afterwards.
 */
export function useGraphiqlPage(endpoint: string, path: string): Plugin<Context> {
  let page: Promise<GraphiqlPage> | undefined;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET' || !request.headers.get('accept')?.includes('text/html')) return;
      if (url.pathname === '/') {
        // For servers without a dashboard.
        endResponse(new fetchAPI.Response(null, { status: 302, headers: { location: path } }));
        return;
      }
      if (url.pathname !== endpoint && url.pathname !== path) return;
      page ??= buildPage(endpoint);
      const { etag, in: encoded } = await page;
      const headers = {
        etag,
        'cache-control': 'no-cache',
        vary: `accept, accept-encoding, ${VARY}`,
        'x-frame-options': 'DENY',
      };
      if (request.headers.get('if-none-match') === etag) {
        endResponse(new fetchAPI.Response(null, { status: 304, headers }));
        return;
      }
      const { body, encoding } = await encoded(request.headers.get('accept-encoding') ?? '');
      endResponse(
        new fetchAPI.Response(body as BodyInit, {
          headers: {
            ...headers,
            'content-type': 'text/html; charset=utf-8',
            'content-length': String(body.length),
            ...(encoding !== null && { 'content-encoding': encoding }),
          },
        }),
      );
    },
  };
}

const compress = {
  // At quality 5, brotli is about as fast as gzip and compresses better.
  br: (html: Buffer) =>
    promisify(brotliCompress)(html, {
      params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: html.length },
    }),
  gzip: (html: Buffer) => promisify(gzip)(html),
};

/**
 * GraphiQL's tabs can be dragged. When a tab that is not the last is first pressed, GraphiQL moves
 * it to the end of the row, so the click misses it. This style keeps the tabs in place.
 */
const STEADY_TABS = '<style>.graphiql-tab { transform: none !important; }</style>';

async function buildPage(endpoint: string): Promise<GraphiqlPage> {
  // 9 MB of text, loaded only when GraphiQL is opened.
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const page = renderGraphiQL({
    title: 'Telltale',
    endpoint,
    defaultTabs: [...graphiqlTabs],
    subscriptionsProtocol: 'WS',
  });
  const html = Buffer.from(page.replace('</head>', () => `${KEY_SCRIPT}</head>`) + STEADY_TABS);
  const encoded = new Map<string, Promise<Buffer>>();
  return {
    etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 27)}"`,
    async in(acceptEncoding) {
      const encoding = (['br', 'gzip'] as const).find((name) => acceptsEncoding(acceptEncoding, name));
      if (encoding === undefined) return { body: html, encoding: null };
      const body = encoded.get(encoding) ?? compress[encoding](html);
      encoded.set(encoding, body);
      return { body: await body, encoding };
    },
  };
}
