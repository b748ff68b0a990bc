/** Peer: `ws` alone. A POST sends a ready-made message to all sockets. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { serveParent } from '../lib/child.ts';
import { answerPeerQuestion, type PeerQuestion } from './peer.ts';

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const message = Buffer.concat(parts);
    for (const socket of sockets.clients) socket.send(message, { binary: false });
    response.end('{}');
  });
});
const sockets = new WebSocketServer({ server });
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;

serveParent<PeerQuestion>(
  async (question) => answerPeerQuestion(question, { url, subscribers: () => sockets.clients.size }),
  async () => {
    for (const socket of sockets.clients) socket.terminate();
    server.closeAllConnections();
    server.close();
  },
);
