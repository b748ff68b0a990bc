/**
 * Peer: graphql-yoga as in its documentation, without plugins. It serves the list ready-made from
 * memory.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { answerServerQuestion, type ServerQuestion, serveParent } from '../lib/child.ts';
import { openCallList } from './call-list.ts';
import { SDL } from './question.ts';

const list = openCallList(process.env.BENCH_FILE as string);
const calls = list.newest(500);
list.close();

const schema = createSchema({
  typeDefs: SDL,
  resolvers: {
    Query: { llmCalls: (_root: unknown, { first }: { first: number }) => ({ nodes: calls.slice(0, first) }) },
  },
});
const server = createServer(createYoga({ schema }));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
serveParent<ServerQuestion>(
  async (question) => answerServerQuestion(question, url),
  async () => {
    server.closeAllConnections();
    server.close();
  },
);
