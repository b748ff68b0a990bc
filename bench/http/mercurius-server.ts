/** Peer: Mercurius on Fastify with graphql-jit. */
import { answerServerQuestion, type ServerQuestion, serveParent } from '../lib/child.ts';
import { startMercurius } from '../lib/mercurius.ts';
import { openCallList } from './call-list.ts';
import { SDL } from './question.ts';

const list = openCallList(process.env.BENCH_FILE as string);
const server = await startMercurius(SDL, {
  Query: { llmCalls: (_root: unknown, { first }: { first: number }) => ({ nodes: list.newest(first) }) },
});

serveParent<ServerQuestion>(
  async (question) => answerServerQuestion(question, server.url),
  async () => {
    await server.close();
    list.close();
  },
);
