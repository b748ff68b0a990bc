import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { createPostgresqlReader } from '../../src/storage/dialect/postgresql/reader.ts';

test('a closed reader opens no connection, because a server that does not answer would delay the stop', async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.destroy();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const reader = createPostgresqlReader(
    `postgres://127.0.0.1:${(server.address() as AddressInfo).port}/none`,
  );
  await expect(reader.read('select 1')).rejects.toThrow('does not answer');
  await reader.close();
  await expect(reader.read('select 1')).rejects.toThrow('The connection is closed.');
  expect(connections).toBe(1);
  server.close();
});
