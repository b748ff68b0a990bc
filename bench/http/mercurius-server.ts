/** Peer: Mercurius on Fastify with graphql-jit, which compiles a document at its first request. */
import type { AddressInfo } from 'node:net';
import { answerServerQuestion, type ServerQuestion, serveParent } from '../lib/child.ts';
import { openCallList } from './call-list.ts';
import { SDL } from './question.ts';

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

const list = openCallList(process.env.BENCH_FILE as string);
const [fastifyName, mercuriusName] = ['fastify', 'mercurius'];
const { default: createFastify } = (await import(fastifyName)) as { default: () => Fastify };
const { default: mercurius } = (await import(mercuriusName)) as { default: unknown };

const app = createFastify();
app.register(mercurius, {
  schema: SDL,
  resolvers: {
    Query: { llmCalls: (_root: unknown, { first }: { first: number }) => ({ nodes: list.newest(first) }) },
  },
  jit: 1,
});
await app.listen({ port: 0, host: '127.0.0.1' });

const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/graphql`;
serveParent<ServerQuestion>(
  async (question) => answerServerQuestion(question, url),
  async () => {
    await app.close();
    list.close();
  },
);
