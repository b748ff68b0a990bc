import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it } from 'vitest';
import { createPipelines } from '../../../src/server/limits/pipelines.ts';

const SENT = 1_000;

async function startServer(answer: (response: ServerResponse) => void) {
  const server = createServer(createPipelines((_request, response) => answer(response)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { server, port };
}

const ahead = (count: number) => 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(count);

it('answers all pipelined requests of a connection one after another', async () => {
  let running = 0;
  let most = 0;
  const { server, port } = await startServer((response) => {
    most = Math.max(most, ++running);
    setImmediate(() => {
      running--;
      response.end('x');
    });
  });
  const socket = connect(port, '127.0.0.1');
  let text = '';
  const all = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      text += data;
      if (text.split('HTTP/1.1 200').length > SENT) resolve();
    });
  });
  socket.write(ahead(SENT));
  await all;
  expect(most).toBe(1);
  socket.destroy();
  server.close();
});

it('begins no further request for a client that has disconnected', async () => {
  const begun: ServerResponse[] = [];
  const { server, port } = await startServer((response) => void begun.push(response));
  const socket = connect(port, '127.0.0.1');
  socket.write(ahead(3));
  await expect.poll(() => begun.length, { interval: 1 }).toBe(1);
  const closed = once(begun[0] as ServerResponse, 'close');
  socket.destroy();
  await closed;
  await new Promise((resolve) => server.close(resolve));
  expect(begun).toHaveLength(1);
});
