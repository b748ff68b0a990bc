/**
 * A load by autocannon. Each connection sends the same operation again as soon as the last is
 * answered.
 */
export interface Load {
  readonly url: string;
  readonly query: string;
  readonly connections: number;
  readonly seconds: number;
  /** In addition to those of every request, such as one with an API key. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface LoadResult {
  readonly requestsPerSecond: number;
  readonly requests: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Measured {
  readonly requests: { readonly average: number; readonly total: number };
  readonly latency: { readonly p50: number; readonly p99: number };
  readonly errors: number;
  readonly non2xx: number;
  readonly mismatches: number;
}
type Autocannon = (options: object) => Promise<Measured>;

const moduleName = 'autocannon';
const { default: autocannon } = (await import(moduleName)) as { default: Autocannon };

/** @throws Error if an answer is not the expected one: errors are fast, and would look good. */
export async function measure({ url, query, connections, seconds, headers = {} }: Load): Promise<LoadResult> {
  const expectBody = await ask(url, query, headers);
  const { requests, latency, errors, non2xx, mismatches } = await autocannon({
    url,
    connections,
    duration: seconds,
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    expectBody,
  });
  if (errors + non2xx + mismatches > 0) {
    throw new Error(`${url}: ${errors} errors, ${non2xx} other statuses, ${mismatches} other answers`);
  }
  return {
    requestsPerSecond: requests.average,
    requests: requests.total,
    p50Ms: latency.p50,
    p99Ms: latency.p99,
  };
}

/** Returns the body of the answer. @throws Error if it has errors. */
export async function ask(
  url: string,
  query: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const text = await response.text();
  if (!response.ok || 'errors' in JSON.parse(text))
    throw new Error(`${response.status}: ${text.slice(0, 500)}`);
  return text;
}
