import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestProject } from 'vitest/node';
import { openPostgresqlServer, type PostgresqlServer } from '../../scripts/databases/postgresql-server.ts';
import { build } from '../../scripts/prepare/build.mjs';
import { codegen } from '../../scripts/prepare/codegen.mjs';
import { generate } from '../../scripts/prepare/generate.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where test processes ask for PostgreSQL databases: POST makes one, DELETE with its URL as the body removes it. */
    postgresqlBroker: string;
  }
}

/**
 * Before any test: the generated code and dist are fresh (worker threads run the plain JavaScript of dist), and one
 * PostgreSQL server can be had. It starts with the first test that asks for it.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  await generate();
  await build();
  await codegen();
  const broker = await startBroker();
  project.provide('postgresqlBroker', broker.url);
  return broker.close;
}

async function startBroker(): Promise<{ url: string; close: () => Promise<void> }> {
  let server: Promise<PostgresqlServer> | undefined;
  const broker = createServer(async (request, response) => {
    try {
      server ??= openPostgresqlServer();
      const postgresql = await server;
      const body = await text(request);
      if (request.method === 'DELETE') await postgresql.dropDatabase(body);
      response.end(request.method === 'POST' ? await postgresql.createDatabase() : '');
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : String(error));
    }
  });
  await new Promise<void>((resolve) => broker.listen(0, '127.0.0.1', resolve));
  const { port } = broker.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      broker.closeAllConnections();
      broker.close();
      await (await server)?.close();
    },
  };
}
