import { allows, type Caller, requireProjectOf } from '../access/caller.ts';
import { InvalidArgument, TelltaleError } from '../core/errors.ts';
import type { Services } from '../graphql/context.ts';
import type { MaskError } from '../graphql/errors.ts';
import { CONTENT_TYPE, type Metrics, type MetricsView } from '../metrics/metrics.ts';
import type { ClientAddress } from './client-address.ts';
import type { Exchange } from './exchange.ts';
import { type Refusal, refusalOf } from './refusal.ts';

export const METRICS_PATH = '/metrics';

/** `GET /metrics`, in Prometheus' text format. See docs/monitoring.md. */
export interface MetricsEndpoint {
  /**
   * Answers a caller with what it may see: its project, and with a key for all projects also the
   * server.
   *
   * @returns a refusal that is not sent yet; null if the answer is sent
   */
  answer(exchange: Exchange): Promise<Refusal | null>;
  /** Answers any client of `METRICS_PORT` with everything. */
  answerAll(exchange: Omit<Exchange, 'caller'>): Promise<Refusal | null>;
}

export interface MetricsEndpointOptions {
  readonly metrics: Pick<Metrics, 'text'>;
  readonly services: Pick<Services, 'budgets'>;
  /** The ids of all projects. */
  readonly projects: () => Iterable<string>;
  readonly addressOf: ClientAddress;
  readonly maskError: MaskError;
}

/** Each project costs some statements. To scrape more, use several scrapes that name them. */
const MAX_PROJECTS = 25;
/**
 * What a scrape charges to the quota of its key per project: about the price of the same question.
 */
const PRICE_OF_PROJECT = 100;

export function createMetricsEndpoint(options: MetricsEndpointOptions): MetricsEndpoint {
  const { metrics, services, projects, addressOf, maskError } = options;

  async function send({ request, response }: Omit<Exchange, 'caller'>, view: MetricsView): Promise<void> {
    const text = await metrics.text(view);
    const headers = { 'content-type': CONTENT_TYPE, 'cache-control': 'no-store' };
    response.writeHead(200, { ...headers, 'content-length': Buffer.byteLength(text) });
    response.end(request.method === 'HEAD' ? undefined : text);
  }

  async function orRefuse(
    { request }: Omit<Exchange, 'caller'>,
    answered: () => Promise<void>,
  ): Promise<Refusal | null> {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed(request.method ?? '');
    try {
      await answered();
      return null;
    } catch (error) {
      return refusalOf(error, maskError);
    }
  }

  /** What a caller may see of the named projects, or of all. */
  function viewOf(caller: Caller, url = ''): MetricsView {
    requireReader(caller);
    if (caller.allProjects) return everything(url);
    // The caller must not learn whether other projects exist.
    for (const project of readNames(url)) requireProjectOf(caller, project);
    return { server: false, projects: [caller.projectId] };
  }

  const everything = (url = ''): MetricsView => ({
    server: true,
    projects: chooseProjects(readNames(url), [...projects()]),
  });

  return {
    answer: (exchange) =>
      orRefuse(exchange, async () => {
        const { request, caller } = exchange;
        const view = viewOf(caller, request.url);
        const account = services.budgets.accountOf(caller.keyId, () => addressOf(request));
        await account?.takeQueryCost(PRICE_OF_PROJECT * view.projects.length);
        await send(exchange, view);
      }),
    answerAll: (exchange) => orRefuse(exchange, () => send(exchange, everything(exchange.request.url))),
  };
}

/** @throws TelltaleError FORBIDDEN for a caller that may not read a whole project */
function requireReader(caller: Caller): void {
  if (caller.trustedDocumentsOnly)
    throw forbidden(
      'This API key, or the whole server, accepts only trusted documents, so /metrics is not available.',
    );
  if (caller.rows !== undefined)
    throw forbidden('A read token gives no access to /metrics: use an API key with the scope READ.');
  if (!allows(caller, 'READ')) throw forbidden('/metrics needs an API key with the scope READ.');
}

/**
 * The projects of `?project=shop&project=blog`; none without it.
 *
 * @throws InvalidArgument
 */
function readNames(url: string): readonly string[] {
  const [, ...query] = url.split('?');
  const parameters = new URLSearchParams(query.join('?'));
  for (const name of parameters.keys()) {
    if (name !== 'project')
      throw new InvalidArgument(`/metrics has no parameter ${name.slice(0, 100)}. It has: project.`, name);
  }
  return [...new Set(parameters.getAll('project'))];
}

/**
 * The named projects; without names, the first ones by id, so that each scrape has the same.
 *
 * @throws TelltaleError NOT_FOUND, InvalidArgument
 */
function chooseProjects(named: readonly string[], all: readonly string[]): readonly string[] {
  if (named.length === 0) return all.toSorted().slice(0, MAX_PROJECTS);
  if (named.length > MAX_PROJECTS)
    throw new InvalidArgument(`At most ${MAX_PROJECTS} projects fit in one scrape.`, 'project');
  const unknown = named.find((project) => !all.includes(project));
  if (unknown === undefined) return named;
  throw new TelltaleError('NOT_FOUND', `There is no project "${unknown.slice(0, 100)}".`);
}

const forbidden = (message: string): TelltaleError => new TelltaleError('FORBIDDEN', message);

function notAllowed(method: string): Refusal {
  const message = `Read metrics with GET, not with ${method.slice(0, 20)}.`;
  return { status: 405, code: 'BAD_USER_INPUT', message, headers: { allow: 'GET, HEAD' } };
}

/** The answer of a port that serves only metrics. */
export const notMetrics = (path: string): Refusal => ({
  status: 404,
  code: 'NOT_FOUND',
  message: `There is nothing at ${path}. This port serves only ${METRICS_PATH}.`,
});
