import type { Logger } from 'pino';
import type { Exchange } from './exchange.ts';
import type { OperationLog } from './plugins/use-operation-log.ts';

/** Writes a line about a request when its answer has ended, in whatever way. */
export function logRequest(
  { request, response }: Pick<Exchange, 'request' | 'response'>,
  requestId: string,
  { logger, operations }: { readonly logger: Logger; readonly operations: OperationLog },
): void {
  const start = performance.now();
  response.once('close', () => {
    logger.debug(
      {
        requestId,
        method: request.method,
        path: request.url?.split('?', 1)[0],
        ...operations.of(request),
        status: response.statusCode,
        durationMs: Math.round((performance.now() - start) * 10) / 10,
        ...(!response.writableFinished && { aborted: true }),
      },
      'request',
    );
  });
}
