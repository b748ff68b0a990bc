import { type AddressInfo, createServer, type Server } from 'node:net';

/** A server that sends the same text to every client. */
export async function startRaw(text: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.resume().write(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
