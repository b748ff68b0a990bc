import { errorEvent } from './events.ts';
import { nameParameters } from './http/name-parameters.ts';
import { type NodeRequest, type NodeResponse, userAgentOf, whenAnswered } from './http/node-response.ts';
import { beginRequest, isServerError, type MiddlewareOptions, type RequestRecorder } from './http/request.ts';

/** The used part of an Express request. */
export interface ExpressRequest extends NodeRequest {
  readonly method: string;
  readonly baseUrl: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly ip?: string | undefined;
  readonly route?: { readonly path: unknown } | undefined;
}

type Next = (error?: unknown) => void;

/**
 * Records each request, and runs the following handlers in its context. Register it before the
 * routes. An aborted request gets the status 499. `ipAddress` is `req.ip`, which depends on
 * `trust proxy`.
 */
export function telltaleExpress(
  telltale: RequestRecorder,
  options: MiddlewareOptions<ExpressRequest> = {},
): (request: ExpressRequest, response: NodeResponse, next: Next) => void {
  return (request, response, next) => {
    const underWay = beginRequest(telltale, request, options);
    if (underWay === null) return next();
    const { method, ip: ipAddress } = request;
    whenAnswered(response, (statusCode) => {
      underWay.end({
        method,
        endpoint: endpointOf(request),
        statusCode,
        ipAddress,
        userAgent: userAgentOf(request),
      });
    });
    underWay.run(next);
  };
}

/**
 * Records errors that handlers throw or pass on, unless they have a 4xx status. Register it after
 * the routes.
 */
export function telltaleExpressErrors(
  telltale: RequestRecorder,
): (error: unknown, request: unknown, response: unknown, next: Next) => void {
  return (error, _request, _response, next) => {
    if (isServerError(error)) telltale.error(errorEvent(error));
    next(error);
  };
}

/**
 * The pattern of the route. Express gives the mount path of its router only with parameter values.
 * They are replaced by names if the router knows the parameters (`mergeParams`).
 */
function endpointOf({ route, baseUrl, params }: ExpressRequest): string | undefined {
  if (route === undefined) return undefined;
  return `${nameParameters(baseUrl, params, (name) => `:${name}`)}${String(route.path)}`;
}
