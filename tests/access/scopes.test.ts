import { type Client, createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { joinScopes, SCOPES, type Scope, splitScopes } from '../../src/access/scopes.ts';
import { createSchema } from '../../src/schema.ts';
import { describeEachDatabase, testedDialects } from '../support/databases.ts';
import { readUntil } from '../support/read-until.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { post } from '../support/start-server.ts';
import { type RootField, rootFieldsOf } from './support/root-fields.ts';

const fields = rootFieldsOf(createSchema());
const operations = fields.filter(({ kind }) => kind !== 'subscription');
const subscriptions = fields.filter(({ kind }) => kind === 'subscription');
const namesOf = (...wanted: [RootField['kind'], Scope]) =>
  fields
    .filter(({ kind, scopes }) => kind === wanted[0] && scopes.includes(wanted[1]))
    .map(({ name }) => name)
    .sort();

describe('each root field', () => {
  it('declares exactly one scope, except the one that every caller may query', () => {
    expect(fields.length).toBeGreaterThan(100);
    const undecided = fields.filter(({ scopes }) => scopes.length !== 1);
    expect(undecided.map(({ kind, name, scopes }) => `${kind} ${name}: ${scopes.join()}`)).toEqual([
      'query viewer: READ,INGEST',
    ]);
  });

  it('has the scope of its kind, except those that change how the server works', () => {
    expect(namesOf('query', 'INGEST')).toEqual(['viewer']);
    expect(namesOf('mutation', 'READ')).toEqual(['createReadToken']);
    expect(namesOf('subscription', 'INGEST')).toEqual([]);
    expect(namesOf('subscription', 'ADMIN')).toEqual(['backupProgress']);
    expect(namesOf('query', 'ADMIN')).toMatchInlineSnapshot(`
      [
        "apiKeys",
        "backups",
        "defaultQuotas",
        "integrity",
        "projects",
        "retentionRuns",
        "tables",
      ]
    `);
    expect(namesOf('mutation', 'ADMIN')).toMatchInlineSnapshot(`
      [
        "createAlertRule",
        "createApiKey",
        "createBackup",
        "createProject",
        "createSlo",
        "createWebhook",
        "deleteAlertRule",
        "deletePrice",
        "deleteProject",
        "deleteSlo",
        "deleteWebhook",
        "enableAlertRule",
        "recomputeCosts",
        "resetRetentionPolicy",
        "revokeApiKey",
        "rotateWebhookSecret",
        "sendTestAlert",
        "setPrice",
        "setRetentionPolicy",
        "updateAlertRule",
        "updateProject",
        "updateSlo",
        "updateWebhook",
      ]
    `);
  });
});

describe('stored scopes', () => {
  it('are sorted, and scopes of a later version allow nothing', () => {
    expect(joinScopes(['ADMIN', 'READ', 'READ'])).toBe('READ,ADMIN');
    expect(splitScopes('EXPORT,INGEST')).toEqual(['INGEST']);
    expect(splitScopes('')).toEqual([]);
  });
});

const FORBIDDEN = 'FORBIDDEN';
const bearer = (text: string) => ({ authorization: `Bearer ${text}` });

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: unknown };
  }[];
}

/**
 * Whether the answer is a refusal because the scope is missing. All other answers come from the
 * field itself.
 */
function isForbidden({ name, scopes }: RootField, { errors = [] }: Answer): boolean {
  const codes = errors.map(({ extensions }) => extensions?.code);
  expect(codes, `${name}: ${JSON.stringify(errors)}`).not.toContain('INTERNAL');
  if (!codes.includes(FORBIDDEN)) return false;
  expect(errors).toMatchObject([
    {
      message: `\`${name}\` needs an API key with the scope ${scopes[0]}.`,
      extensions: { scope: scopes[0] },
    },
  ]);
  return true;
}

describeEachDatabase('a key with one scope', (database) => {
  let running: TestApp;
  /** The transport of a request does not depend on the database. */
  const isFirst = database.dialect === testedDialects()[0];
  const keys = new Map<Scope, string>();
  beforeAll(async () => {
    running = await startApp({ database });
    for (const scope of SCOPES) {
      // An ADMIN of one project may not create others, which is also FORBIDDEN.
      const projectId = scope === 'ADMIN' ? null : 'default';
      const { text } = await running.app.services.keys.create({ projectId, scopes: [scope] });
      keys.set(scope, text);
    }
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const keyOf = (scope: Scope) => keys.get(scope) ?? '';
  const allowed = ({ scopes }: RootField, scope: Scope) => scope === 'ADMIN' || scopes.includes(scope);
  const namesAllowed = (of: readonly RootField[], scope: Scope) =>
    of.filter((field) => allowed(field, scope)).map(({ name }) => name);

  it.each(SCOPES)('%s reaches over HTTP the fields that declare it, and no others', async (scope) => {
    const reached: string[] = [];
    for (const field of operations) {
      const { body } = await post(running.url, field.operation, bearer(keyOf(scope)));
      if (!isForbidden(field, body)) reached.push(field.name);
    }
    expect(reached).toEqual(namesAllowed(operations, scope));
  });

  it.runIf(isFirst).each(SCOPES)(
    '%s reaches over WebSocket the fields that declare it, and no others',
    async (scope) => {
      const client = connect(running, keyOf(scope));
      const reached: string[] = [];
      for (const field of operations) {
        if (!isForbidden(field, await ask(client, field))) reached.push(field.name);
      }
      for (const field of subscriptions) {
        if (allowed(field, scope)) await subscribes(running, client, field);
        else expect(isForbidden(field, await ask(client, field)), field.name).toBe(true);
      }
      await client.dispose();
      expect(reached).toEqual(namesAllowed(operations, scope));
    },
  );

  it.runIf(isFirst).each(SCOPES)(
    '%s subscribes over SSE to the fields that declare it, and to no others',
    async (scope) => {
      for (const field of subscriptions) {
        const stream = await fetch(running.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'text/event-stream',
            ...bearer(keyOf(scope)),
          },
          body: JSON.stringify(field.operation),
        });
        if (allowed(field, scope)) {
          await running.waitForSubscriptions(1);
          await stream.body?.cancel();
          await running.waitForSubscriptions(0);
        } else {
          expect(await readUntil(stream, 'event: complete'), field.name).toContain(`"code":"${FORBIDDEN}"`);
          expect(running.app.open.subscriptions).toBe(0);
        }
      }
    },
  );
});

function connect({ webSocketUrl }: TestApp, key: string): Client {
  return createClient({
    url: webSocketUrl,
    webSocketImpl: WebSocket,
    connectionParams: bearer(key),
    lazy: false,
    retryAttempts: 0,
  });
}

/** The first answer. A refusal before execution arrives as a list of errors. */
async function ask(client: Client, { operation }: RootField): Promise<Answer> {
  try {
    return ((await client.iterate(operation).next()).value ?? {}) as Answer;
  } catch (errors) {
    if (Array.isArray(errors)) return { errors };
    throw errors;
  }
}

async function subscribes(running: TestApp, client: Client, { operation }: RootField): Promise<void> {
  const end = client.subscribe(operation, {
    next: () => undefined,
    error: () => undefined,
    complete: () => undefined,
  });
  await running.waitForSubscriptions(1);
  end();
  await running.waitForSubscriptions(0);
}
