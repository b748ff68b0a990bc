import type { IncomingMessage, ServerResponse } from 'node:http';
import { SPAN_KIND } from './spans.ts';
import { readTraceparent } from './trace-context.ts';
import type { Tracer } from './tracer.ts';

const SERVER_ERROR = 500;

/** Answers a request within a span, in the trace that its caller names. */
export function traceRequest(
  tracer: Tracer,
  request: IncomingMessage,
  response: ServerResponse,
  answer: () => void,
): void {
  const { method = '', url = '', headers } = request;
  const path = url.split('?', 1)[0] ?? '';
  const attributes = { 'http.request.method': method, 'url.path': path.slice(0, 200) };
  const caller = readTraceparent(headers['traceparent']?.toString());
  tracer.span({ name: method, kind: SPAN_KIND.SERVER, attributes, caller }, ({ set, end }) => {
    response.once('close', () => {
      const { statusCode } = response;
      set({ 'http.response.status_code': statusCode });
      const problem = statusCode >= SERVER_ERROR ? `HTTP ${statusCode}` : null;
      // A stream lasts until its client ends it.
      const isStream = String(response.getHeader('content-type')).startsWith('text/event-stream');
      end(
        response.writableFinished || isStream ? problem : 'The client disconnected before it had its answer',
      );
    });
    answer();
  });
}
