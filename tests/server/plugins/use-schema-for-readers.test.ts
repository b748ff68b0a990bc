import { describe, expect, it } from 'vitest';
import type { Scope } from '../../../src/access/scopes.ts';
import { callerOf } from '../../support/callers.ts';
import { startServer } from '../../support/start-server.ts';

/** The answer for a caller with this scope. */
async function ask(scope: Scope, query: string) {
  await using running = await startServer({
    access: { isOpen: false, authenticate: () => Promise.resolve(callerOf('default', [scope])) },
  });
  const response = await fetch(running.url.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data?: object; errors?: { message: string; extensions: object }[] };
}

describe('the schema', () => {
  it.each(['READ', 'ADMIN'] as const)('is shown to %s, with suggestions', async (scope) => {
    expect((await ask(scope, '{ __schema { queryType { name } } }')).data).toBeDefined();
    expect((await ask(scope, '{ hel }')).errors?.[0]?.message).toContain('Did you mean "held"');
  });

  it('is not shown to a key that only ingests', async () => {
    const [error] = (await ask('INGEST', '{ __schema { queryType { name } } }')).errors ?? [];
    expect(error?.message).toContain('introspection has been disabled');
    expect(error?.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
    const [unknown] = (await ask('INGEST', '{ hel }')).errors ?? [];
    expect(unknown?.message).toBe('Cannot query field "hel" on type "Query".');
    expect((await ask('INGEST', '{ __typename }')).data).toEqual({ __typename: 'Query' });
  });
});
