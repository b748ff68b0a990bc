import type { Telltale } from '../client.ts';
import type { EventContext } from '../events.ts';

/** What middleware needs from a client. */
export type RequestRecorder = Pick<Telltale, 'request' | 'error' | 'withContext' | 'newId'>;

/** The options of all middleware. */
export interface MiddlewareOptions<Request> {
  /**
   * What everything caused by a request has in common, such as its end user. A `requestId` from
   * here must be unique: if several requests have the same id, only the first is stored. Default: a
   * new one.
   */
  readonly context?: ((request: Request) => EventContext) | undefined;
  /**
   * The route of a request, if the framework does not provide it. It should have few values,
   * because they form groups.
   */
  readonly endpoint?: ((request: Request) => string | undefined) | undefined;
  /** If it returns true, the request is not recorded, for example a health check. */
  readonly ignore?: ((request: Request) => boolean) | undefined;
}

/** A request in progress. */
export interface RequestUnderWay {
  readonly context: EventContext;
  /** Runs `work` in the context of the request. */
  run<Result>(work: () => Result): Result;
  /** Records the request; only the first call counts. */
  end(facts: RequestFacts): void;
}

export interface RequestFacts {
  readonly method: string;
  /** The route with parameter names: paths with ids would make each request a group of its own. */
  readonly endpoint: string | undefined;
  readonly statusCode: number;
  readonly userAgent?: string | undefined;
  readonly ipAddress?: string | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** No route matched the request. */
const UNMATCHED = '(unmatched)';
/** nginx uses this status, too: the client disconnected before its answer was complete. */
export const CLIENT_LEFT = 499;

/** Begins a request. Null if it is not to be recorded. */
export function beginRequest<Request>(
  telltale: RequestRecorder,
  request: Request,
  options: MiddlewareOptions<Request>,
): RequestUnderWay | null {
  if (ask(options.ignore, request) === true) return null;
  const startedAt = performance.now();
  const timestamp = new Date();
  const context = { requestId: telltale.newId(), ...ask(options.context, request) };
  const run: RequestUnderWay['run'] = (work) => telltale.withContext(context, work);
  let isEnded = false;
  return {
    context,
    run,
    end({ endpoint: matched, ...facts }) {
      if (isEnded) return;
      isEnded = true;
      const endpoint = ask(options.endpoint, request) ?? matched ?? UNMATCHED;
      run(() =>
        telltale.request({
          ...defined(facts),
          endpoint,
          timestamp,
          latencyMs: performance.now() - startedAt,
        }),
      );
    },
  };
}

/** A function of the options must not break the request that it is called for. */
function ask<Request, Answer>(
  question: ((request: Request) => Answer) | undefined,
  request: Request,
): Answer | undefined {
  try {
    return question?.(request);
  } catch (error) {
    console.warn('telltale: a function in the options threw:', error);
    return undefined;
  }
}

/** Client errors, such as a thrown 404, show in the status of the request. */
export function isServerError(error: unknown): boolean {
  const { status, statusCode } = typeof error === 'object' && error !== null ? (error as Statuses) : {};
  const code = statusCode ?? status;
  return !(typeof code === 'number' && code >= 400 && code < 500);
}

interface Statuses {
  readonly status?: unknown;
  readonly statusCode?: unknown;
}

type Defined<Object> = { [Name in keyof Object]: Exclude<Object[Name], undefined> };

function defined<Object extends object>(fields: Object): Defined<Object> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Object>;
}
