import { operatorOf } from '../../access/caller.ts';
import { DEFAULT_PROJECT } from '../../access/projects.ts';
import type { App } from '../../app.ts';

/** Runs an operation. Throws when the response has errors: the demo does not fit the schema. */
export type Ask = <Data>(query: string, variables?: Record<string, unknown>) => Promise<Data>;

/** Runs operations against an app in process, through the public API. */
export function createAsk({ fetch }: Pick<App, 'fetch'>): Ask {
  return async <Data>(query: string, variables?: Record<string, unknown>) => {
    const response = await fetch(
      new Request('http://demo/graphql', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      }),
      operatorOf(DEFAULT_PROJECT),
    );
    const { data, errors }: { data: Data; errors?: unknown } = await response.json();
    if (errors !== undefined)
      throw new Error(`The API rejected a request of the demo: ${JSON.stringify(errors)}`);
    return data;
  };
}
