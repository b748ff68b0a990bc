import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A network between a server and its database that can fail. */
export interface Network extends AsyncDisposable {
  /** The URL by which the database is reached through it. */
  readonly url: string;
  /** Breaks all connections, and refuses new ones. */
  cut(): void;
  /** Refuses new connections; those that are open stay silent. */
  cutNew(): void;
  /** Lets nothing pass, in either direction; neither side is told. */
  stall(): void;
  /** What had stalled goes on, and new connections are made. */
  heal(): void;
  /** New connections are made. Those that are open stay silent for good: no end of them is told. */
  forget(): void;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** Passes everything on to the database of a URL, until it is told otherwise. */
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
      // What is forgotten is not told that the other side has gone.
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
