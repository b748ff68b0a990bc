import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a server and its database that can fail. */
export interface Network extends AsyncDisposable {
  /** The URL of the database through this network. */
  readonly url: string;
  /** Breaks all connections, and rejects new ones. */
  cut(): void;
  /** Rejects new connections; open ones stay silent. */
  cutNew(): void;
  /** Lets nothing pass, in either direction, without closing connections. */
  stall(): void;
  /** Resumes what had stalled, and accepts new connections. */
  heal(): void;
  /** Accepts new connections. Open ones stay silent for good, and their end is never reported. */
  forget(): void;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Forwards everything to the database of a URL, unless a test blocks it. */
export async function openNetwork(databaseUrl: string): Promise<Network> {
  const target = new URL(databaseUrl);
  const open = new Set<Pair>();
  const forgotten = new Set<Pair>();
  let state: 'FINE' | 'CUT' | 'STALLED' = 'FINE';

  const end = (pair: Pair) => {
    pair.client.destroy();
    pair.server.destroy();
    open.delete(pair);
    forgotten.delete(pair);
  };
  const listener = createServer((client) => {
    if (state === 'CUT') return void client.destroy();
    const pair = { client, server: connect(Number(target.port), target.hostname) };
    open.add(pair);
    for (const [from, to] of [[pair.client, pair.server] as const, [pair.server, pair.client] as const]) {
      from.on('data', (bytes) => to.write(bytes));
      // For a forgotten connection, the end of the other side is not reported.
      from.on('close', () => !forgotten.has(pair) && end(pair)).on('error', () => undefined);
      if (state === 'STALLED') from.pause();
    }
  });
  const each = (how: 'pause' | 'resume') => {
    for (const { client, server } of open) {
      client[how]();
      server[how]();
    }
  };
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(listener.address() as AddressInfo).port}`;
  return {
    url: url.href,
    cut() {
      state = 'CUT';
      for (const pair of open) end(pair);
    },
    cutNew() {
      state = 'CUT';
      each('pause');
    },
    stall() {
      state = 'STALLED';
      each('pause');
    },
    heal() {
      state = 'FINE';
      each('resume');
    },
    forget() {
      each('pause');
      for (const pair of open) forgotten.add(pair);
      open.clear();
      state = 'FINE';
    },
    async [Symbol.asyncDispose]() {
      for (const pair of [...open, ...forgotten]) end(pair);
      listener.close();
      await once(listener, 'close');
    },
  };
}
