import type { SqlDriverAdapter, SqlDriverAdapterFactory, Transaction } from '@prisma/driver-adapter-utils';
import type { ClientSource } from '../../src/storage/dialect/client-source.ts';
import type { PrismaClient } from '../../src/storage/prisma.ts';

/** About as many as tests use at the same time; further ones end. */
const MAX_IDLE = 4;

interface Kept {
  readonly client: PrismaClient;
  readonly socket: Socket;
}

const inUse = new WeakMap<PrismaClient, Kept>();
const idle: Kept[] = [];

/**
 * Clients that pass from the store of one test to that of the next: they keep the compiled queries,
 * and nothing of a database. After its store has closed, using a client fails as a separate client
 * would, because the old adapter rejects it.
 */
export const keptClients: ClientSource = {
  take(adapter, make) {
    const position = idle.findIndex(({ socket }) => socket.provider === adapter.provider);
    const kept = idle.splice(position, position < 0 ? 0 : 1)[0] ?? makeKept(adapter, make);
    kept.socket.plug(adapter);
    inUse.set(kept.client, kept);
    return kept.client;
  },
  async giveBack(client) {
    const kept = inUse.get(client);
    inUse.delete(client);
    if (kept === undefined || kept.socket.openTransactions() > 0 || idle.length >= MAX_IDLE) {
      await client.$disconnect();
      return;
    }
    await kept.socket.unplug();
    idle.push(kept);
  },
};

function makeKept(
  adapter: SqlDriverAdapterFactory,
  make: (adapter: SqlDriverAdapterFactory) => PrismaClient,
) {
  const socket = createSocket(adapter);
  return { client: make(socket.factory), socket };
}

/** A replaceable adapter that forwards everything to another one. */
interface Socket {
  readonly provider: SqlDriverAdapterFactory['provider'];
  readonly factory: SqlDriverAdapterFactory;
  plug(adapter: SqlDriverAdapterFactory): void;
  unplug(): Promise<void>;
  openTransactions(): number;
}

function createSocket({ provider, adapterName }: SqlDriverAdapterFactory): Socket {
  let factory: SqlDriverAdapterFactory;
  let connected: Promise<SqlDriverAdapter> | undefined;
  const open = new Set<Transaction>();
  const adapter = () => (connected ??= factory.connect());

  function watch(transaction: Transaction): Transaction {
    open.add(transaction);
    const { commit, rollback } = transaction;
    const ending = (end: () => Promise<void>) => () =>
      end.call(transaction).finally(() => open.delete(transaction));
    return Object.assign(transaction, { commit: ending(commit), rollback: ending(rollback) });
  }

  async function connect(): Promise<SqlDriverAdapter> {
    const first = await adapter();
    return {
      ...{ provider, adapterName },
      queryRaw: async (query) => (await adapter()).queryRaw(query),
      executeRaw: async (query) => (await adapter()).executeRaw(query),
      executeScript: async (script) => (await adapter()).executeScript(script),
      startTransaction: async (level) => watch(await (await adapter()).startTransaction(level)),
      getConnectionInfo: () => first.getConnectionInfo?.() ?? { supportsRelationJoins: false },
      dispose: async () => (await adapter()).dispose(),
    };
  }

  return {
    provider,
    factory: { provider, adapterName, connect },
    plug(other) {
      factory = other;
      connected = undefined;
    },
    unplug: async () => (await connected)?.dispose(),
    openTransactions: () => open.size,
  };
}
