import { errorEvent } from './events.ts';
import { beginRequest, isServerError, type MiddlewareOptions, type RequestRecorder } from './http/request.ts';

/** The used part of a Hono context. */
export interface HonoContext {
  readonly req: {
    readonly method: string;
    readonly matchedRoutes?: readonly { readonly path: string; readonly method: string }[];
    header(name: string): string | undefined;
  };
  readonly res: { readonly status: number };
  readonly error: unknown;
}

/**
 * Records each request, and errors without a 4xx status, and runs handlers in the context of their
 * request. Register it before the routes (`app.use(telltaleHono(telltale))`). The latency is the
 * time to the response, not to the end of a stream. In Workers, give the client `waitUntil`.
 */
export function telltaleHono(
  telltale: RequestRecorder,
  options: MiddlewareOptions<HonoContext> = {},
): (context: HonoContext, next: () => Promise<void>) => Promise<void> {
  return async (context, next) => {
    const underWay = beginRequest(telltale, context, options);
    if (underWay === null) return next();
    await underWay.run(next);
    const { req, res, error } = context;
    if (error !== undefined && isServerError(error)) underWay.run(() => telltale.error(errorEvent(error)));
    underWay.end({
      method: req.method,
      endpoint: endpointOf(req),
      statusCode: res.status,
      userAgent: req.header('user-agent'),
    });
  };
}

/** The last matching route that is not middleware, which `use` registers for all methods. */
function endpointOf({ matchedRoutes = [], method }: HonoContext['req']): string | undefined {
  return matchedRoutes.filter((route) => route.method === method).at(-1)?.path;
}
