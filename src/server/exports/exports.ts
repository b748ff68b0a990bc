import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip } from 'node:zlib';
import type { Config } from '../../config/config.ts';
import type { Services } from '../../graphql/context.ts';
import type { MaskError } from '../../graphql/errors.ts';
import { useOfHeaders } from '../../graphql/use-replica.ts';
import { writePosition } from '../../transfer/export-position.ts';
import { createExportText, type TextFormat } from '../../transfer/export-text.ts';
import { type ExportedPage, ROWS_PER_PAGE, readEvents } from '../../transfer/read-events.ts';
import { acceptsEncoding } from '../accept.ts';
import { clientOf } from '../client.ts';
import type { ClientAddress } from '../client-address.ts';
import type { Exchange } from '../exchange.ts';
import { type Refusal, refusalOf } from '../refusal.ts';
import { type ExportRequest, readExportRequest } from './read-export-request.ts';
import { createSlots } from './slots.ts';

/** Downloads of events: `GET /export/llmCalls.jsonl?from=…`. See docs/moving-data.md. */
export interface Exports {
  /**
   * Sends the download, or only its headers for HEAD. Never truncates it silently: if it ends
   * early, the transfer breaks, and the client continues with the `cursor` of its last line.
   *
   * @returns why nothing is sent; null if something was
   */
  answer(exchange: Exchange): Promise<Refusal | null>;
  /** Aborts all downloads. */
  stop(): void;
}

export interface ExportsOptions {
  readonly services: Services;
  readonly limits: Pick<Config['limits'], 'exports' | 'exportDeadlineMs'>;
  readonly addressOf: ClientAddress;
  readonly maskError: MaskError;
}

type AskedExport = ExportRequest & { readonly use: ReturnType<typeof useOfHeaders> };

const TYPES: Readonly<Record<TextFormat, string>> = {
  jsonl: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};
/** Trailers, because the values are known only at the end of an answer. */
const CURSOR = 'telltale-cursor';
const COMPLETE = 'telltale-complete';
const BEHIND = 'telltale-behind-ms';
/** The approximate time to read a row and write it as text. */
const ROW_MICROSECONDS = 15;

export function createExports({ services, limits, addressOf, maskError }: ExportsOptions): Exports {
  const slots = createSlots(limits.exports);
  const stopping = new AbortController();

  /** The pages of a download. Each takes its turn, and is charged before it is read. */
  function pagesOf({ scope: asked, use }: AskedExport, { request, caller }: Exchange, signal: AbortSignal) {
    const { budgets, portions, store } = services;
    const account = budgets.accountOf(caller.keyId, () => addressOf(request));
    const pages = readEvents(store, asked, async () => {
      signal.throwIfAborted();
      await account?.takeQueryCost(Math.min(ROWS_PER_PAGE, asked.limit ?? ROWS_PER_PAGE));
      await portions.pass(ROWS_PER_PAGE * ROW_MICROSECONDS);
    });
    const scope = { signal, replica: use };
    return { next: () => store.reading(scope, () => pages.next()), end: () => pages.return(undefined) };
  }

  async function send(exchange: Exchange, asked: AskedExport, signal: AbortSignal): Promise<void> {
    const { request, response } = exchange;
    const pages = pagesOf(asked, exchange, signal);
    // Any failure of the first page becomes an error with a status.
    const first = await pages.next();
    const isZipped = acceptsGzip(request);
    response.writeHead(200, { ...headersOf(asked, isZipped), trailer: `${CURSOR}, ${COMPLETE}, ${BEHIND}` });
    const text = Readable.from(textOf(asked, first, pages, (trailers) => response.addTrailers(trailers)));
    // Each page is flushed at once, so a broken transfer contains all lines that were read.
    const zip = isZipped ? [createGzip({ flush: constants.Z_SYNC_FLUSH })] : [];
    try {
      await pipeline([text, ...zip, response], { signal });
    } finally {
      await pages.end();
    }
  }

  return {
    async answer(exchange) {
      const { request, response, caller } = exchange;
      if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(request.method ?? '');
      let leave: (() => void) | undefined;
      let forget: (() => void) | undefined;
      try {
        const asked = {
          ...readExportRequest(request.url ?? '', caller, services.datasets),
          use: useOfHeaders(request.headers),
        };
        if (request.method === 'HEAD') {
          response.writeHead(200, headersOf(asked, acceptsGzip(request))).end();
          return null;
        }
        leave = slots.take(caller.projectId);
        const gone = new AbortController();
        forget = clientOf(response).onLeave(() => gone.abort());
        const deadline = AbortSignal.timeout(limits.exportDeadlineMs);
        await send(exchange, asked, AbortSignal.any([caller.signal, gone.signal, deadline, stopping.signal]));
        return null;
      } catch (error) {
        if (!response.headersSent) return refusalOf(error, maskError);
        // The client notices that the last chunk is missing.
        response.destroy();
        return null;
      } finally {
        forget?.();
        leave?.();
      }
    },
    stop: () => stopping.abort(),
  };
}

const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  acceptsEncoding(headers['accept-encoding'] ?? '', 'gzip');

const headersOf = ({ scope, format }: ExportRequest, isZipped: boolean): OutgoingHttpHeaders => ({
  'content-type': TYPES[format],
  'content-disposition': `attachment; filename="${scope.dataset.name}.${format}"`,
  'cache-control': 'no-store',
  ...(isZipped && { 'content-encoding': 'gzip' }),
});

async function* textOf(
  { scope, format, use }: AskedExport,
  first: IteratorResult<ExportedPage, void>,
  pages: { next(): Promise<IteratorResult<ExportedPage, void>> },
  end: (trailers: Record<string, string>) => void,
): AsyncGenerator<string> {
  const text = createExportText(format, scope.dataset);
  // A continuation has no second header line.
  if (scope.after === null && text.head !== '') yield text.head;
  let cursor = scope.after;
  let hasMore = false;
  for (let page = first; !page.done; page = await pages.next()) {
    yield text.write(page.value.rows);
    ({ last: cursor, hasMore } = page.value);
  }
  end({
    ...(cursor !== null && { [CURSOR]: writePosition(cursor) }),
    ...(use.behindMs !== null && { [BEHIND]: String(Math.ceil(use.behindMs)) }),
    [COMPLETE]: String(!hasMore),
  });
}

function notAllowed(method: string): Refusal {
  const message = `Read an export with GET or HEAD, not with ${method.slice(0, 20)}.`;
  return { status: 405, code: 'BAD_USER_INPUT', message, headers: { allow: 'GET, HEAD' } };
}
