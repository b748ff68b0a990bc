import type { AddressInfo } from 'node:net';

/**
 * The used part of Fastify. Only `npm run bench:*` installs the peers, so their types may be
 * missing.
 */
interface Fastify {
  register(plugin: unknown, options: object): void;
  listen(options: { port: number; host: string }): Promise<string>;
  close(): Promise<void>;
  readonly server: { address(): unknown };
}

export interface MercuriusServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Mercurius on Fastify with graphql-jit, which compiles a document at its first request. */
export async function startMercurius(schema: string, resolvers: object): Promise<MercuriusServer> {
  const [fastifyName, mercuriusName] = ['fastify', 'mercurius'];
  const { default: createFastify } = (await import(fastifyName)) as {
    default: (options: object) => Fastify;
  };
  const { default: mercurius } = (await import(mercuriusName)) as { default: unknown };
  const app = createFastify({ bodyLimit: 64 * 1024 * 1024 });
  app.register(mercurius, { schema, resolvers, jit: 1 });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/graphql`, close: () => app.close() };
}
