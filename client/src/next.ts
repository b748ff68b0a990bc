import { errorEvent } from './events.ts';
import { nameParameters } from './http/name-parameters.ts';
import { beginRequest, type MiddlewareOptions, type RequestRecorder } from './http/request.ts';
import type { FetchRequest } from './yoga.ts';

type RouteHandler<Request, Context, Response> = (
  request: Request,
  context: Context,
) => Response | Promise<Response>;

/**
 * Records the requests of an App Router route handler, and runs it in the context of its request:
 * `export const GET = withTelltale(telltale, async (request) => …)`. The endpoint is the path, with
 * parameters as `[name]`. Give the client `waitUntil: (sent) => after(() => sent)`.
 */
export function withTelltale<
  Request extends FetchRequest,
  Context,
  Response extends { readonly status: number },
>(
  telltale: RequestRecorder,
  handler: RouteHandler<Request, Context, Response>,
  options: MiddlewareOptions<Request> = {},
): (request: Request, context: Context) => Promise<Response> {
  return async (request, context) => {
    const underWay = beginRequest(telltale, request, options);
    if (underWay === null) return handler(request, context);
    const { method, headers } = request;
    const userAgent = headers.get('user-agent') ?? undefined;
    const endpoint = await endpointOf(request, context);
    try {
      const response = await underWay.run(() => handler(request, context));
      underWay.end({ method, endpoint, statusCode: response.status, userAgent });
      return response;
    } catch (error) {
      underWay.end({ method, endpoint, statusCode: statusOf(error), userAgent });
      throw error;
    }
  };
}

/** What Next.js provides about a failed request. */
interface FailedRequest {
  readonly path: string;
  readonly method: string;
}

interface FailedRoute {
  readonly routePath: string;
  readonly routeType: string;
}

/**
 * Records what pages, route handlers and actions throw: `export const onRequestError = …` in
 * instrumentation.ts.
 */
export function telltaleOnRequestError(
  telltale: RequestRecorder,
): (error: unknown, request: FailedRequest, context: FailedRoute) => void {
  return (error, { method }, { routePath, routeType }) => {
    telltale.error(errorEvent(error, { attributes: { method, routePath, routeType } }));
  };
}

/**
 * `redirect()`, `notFound()` and the like throw: "NEXT_REDIRECT;push;/login;307;",
 * "NEXT_HTTP_ERROR_FALLBACK;404".
 */
function statusOf(error: unknown): number {
  const { digest } = typeof error === 'object' && error !== null ? (error as { digest?: unknown }) : {};
  const status = /^NEXT_(?:REDIRECT;[^;]*;.*;(\d{3});?|HTTP_ERROR_FALLBACK;(\d{3}))$/.exec(String(digest));
  return status === null ? 500 : Number(status[1] ?? status[2]);
}

async function endpointOf({ url }: FetchRequest, context: unknown): Promise<string> {
  const { params } = typeof context === 'object' && context !== null ? (context as { params?: unknown }) : {};
  // A promise since Next.js 15.
  return nameParameters(new URL(url).pathname, await params, (name) => `[${name}]`);
}
