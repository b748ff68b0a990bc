import type { App } from '../../app.ts';

/** Asks the API; fails when the answer has errors: the demo and the schema disagree. */
export type Ask = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>;

/** Asks an app in process, through the API that everybody uses. */
export function createAsk({ fetch }: Pick<App, 'fetch'>): Ask {
  return async <Data>(query: string, variables?: Record<string, unknown>) => {
    const response = await fetch(
      new Request('http://demo/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
    );
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
    if (errors !== undefined)
      throw new Error(`The API rejected a request of the demo: ${JSON.stringify(errors)}`);
    return data;
  };
}
