import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { createSchema, createYoga } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { createHeldBytes } from '../../../src/core/held-bytes.ts';
import { createUnreadAnswers } from '../../../src/server/limits/unread-answers.ts';
import { useLongAnswers } from '../../../src/server/plugins/use-long-answers.ts';

const TEXT = 'x'.repeat(400_000);
const schema = createSchema({
  typeDefs: 'type Query { text: String! }',
  resolvers: { Query: { text: () => TEXT } },
});

it('releases the memory of an answer whose client disconnects when its text is made', async () => {
  const held = createHeldBytes(10_000_000);
  const unread = createUnreadAnswers({
    held,
    answerBytes: 1_000_000,
    onBrokenOff: () => expect.unreachable(),
  });
  let client: Socket | undefined;
  let leave = () => {};
  const left = new Promise<void>((resolve) => {
    leave = resolve;
  });
  /** The text waits after its last part until the client has left. */
  async function pass() {
    if (held.used < JSON.stringify({ data: { text: TEXT } }).length) return;
    client?.destroy();
    await left;
  }
  const yoga = createYoga({ schema, plugins: [useLongAnswers({ pass }, unread)] });
  const server = createServer((request, response) => {
    response.once('close', leave);
    void yoga(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  client = connect(port, '127.0.0.1');
  client.write('GET /graphql?query={text} HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await left;
  await expect.poll(() => held.used).toBe(0);
  await new Promise((resolve) => server.close(resolve));
});
