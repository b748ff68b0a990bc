/** Asks a server. Resolves with the code and the message of the first error, or "answered". */
export async function post(url: string, query: string, options: PostOptions = {}): Promise<string> {
  const { variables, signal } = options;
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
    ...(signal && { signal }),
  });
  const { errors } = (await response.json()) as {
    errors?: { message: string; extensions: { code: string } }[];
  };
  return errors === undefined
    ? 'answered'
    : `${errors[0]?.extensions.code}: ${errors[0]?.message.slice(0, 60)}`;
}

export interface PostOptions {
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal | undefined;
}

/** How often a small client sends a query. */
const EVERY_MS = 20;

/**
 * Repeats the same query until the signal aborts. Resolves with how long each answer took, in
 * milliseconds.
 */
export async function latenciesOf(ask: () => Promise<unknown>, until: AbortSignal): Promise<number[]> {
  const times: number[] = [];
  while (!until.aborted) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  return times;
}

/** How many of the probes of `/readyz` failed. */
export async function refusalsOf(url: string, until: AbortSignal): Promise<string> {
  let refused = 0;
  const probes = await latenciesOf(async () => {
    if (!(await fetch(new URL('/readyz', url))).ok) refused++;
  }, until);
  return `${refused} of ${probes.length}`;
}

/** The first requests of a process compile the code that they run. */
const WARM_UP_REQUESTS = 50;

export async function warmUp(url: string): Promise<void> {
  for (let request = 0; request < WARM_UP_REQUESTS; request++) await post(url, '{ __typename }');
}
