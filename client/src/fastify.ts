import { errorEvent } from './events.ts';
import { type NodeRequest, type NodeResponse, userAgentOf, whenAnswered } from './http/node-response.ts';
import {
  beginRequest,
  isServerError,
  type MiddlewareOptions,
  type RequestRecorder,
  type RequestUnderWay,
} from './http/request.ts';

/** The used part of a Fastify request. */
export interface FastifyRequest extends NodeRequest {
  readonly method: string;
  readonly ip: string;
  readonly routeOptions: { readonly url?: string | undefined };
}

/** The used part of a Fastify reply. */
export interface FastifyReply {
  readonly raw: NodeResponse;
}

type Done = () => void;
type RequestHook = (request: FastifyRequest, reply: FastifyReply, done: Done) => void;
type ErrorHook = (request: FastifyRequest, reply: FastifyReply, error: unknown, done: Done) => void;

/** The used part of a Fastify instance. */
export interface FastifyInstance {
  addHook(name: 'onRequest' | 'preValidation', hook: RequestHook): unknown;
  addHook(name: 'onError', hook: ErrorHook): unknown;
}

/**
 * A plugin that records each request, and errors without a 4xx status, and runs handlers in the
 * context of their request. An aborted request gets the status 499.
 */
export function telltaleFastify(
  telltale: RequestRecorder,
  options: MiddlewareOptions<FastifyRequest> = {},
): (fastify: FastifyInstance, settings: unknown, done: Done) => void {
  const underWay = new WeakMap<FastifyRequest, RequestUnderWay>();
  const onRequest: RequestHook = (request, reply, done) => {
    const begun = beginRequest(telltale, request, options);
    if (begun === null) return done();
    underWay.set(request, begun);
    const { method, ip: ipAddress } = request;
    whenAnswered(reply.raw, (statusCode) => {
      const endpoint = request.routeOptions.url;
      begun.end({ method, endpoint, statusCode, ipAddress, userAgent: userAgentOf(request) });
    });
    begun.run(done);
  };
  // The body parser calls what follows, and does not know the context.
  const preValidation: RequestHook = (request, _reply, done) => {
    const begun = underWay.get(request);
    if (begun === undefined) done();
    else begun.run(done);
  };
  const onError: ErrorHook = (request, _reply, error, done) => {
    const record = () => telltale.error(errorEvent(error));
    if (isServerError(error)) (underWay.get(request)?.run ?? ((work) => work()))(record);
    done();
  };
  const plugin = (fastify: FastifyInstance, _settings: unknown, done: Done): void => {
    fastify.addHook('onRequest', onRequest);
    fastify.addHook('preValidation', preValidation);
    fastify.addHook('onError', onError);
    done();
  };
  // The hooks apply to the whole server, not only to the plugin's scope.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: 'telltale',
  });
}
