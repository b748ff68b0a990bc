import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils';
import type { PrismaClient } from '../prisma.ts';

/**
 * Where Prisma's clients come from, and where they go. A client compiles each query when it first
 * sees it, which takes a millisecond. So whoever opens many databases, one after the other, may
 * keep clients for the next ones.
 */
export interface ClientSource {
  /**
   * @param make makes a client that uses an adapter; it must be the same for all databases of a
   *   provider
   */
  take(adapter: SqlDriverAdapterFactory, make: MakeClient): PrismaClient;
  /** Takes back a client that is no longer running anything. */
  giveBack(client: PrismaClient): Promise<void>;
}

export type MakeClient = (adapter: SqlDriverAdapterFactory) => PrismaClient;

/** Makes each client when it is needed, and disconnects it afterwards. */
export const newClients: ClientSource = {
  take: (adapter, make) => make(adapter),
  giveBack: (client) => client.$disconnect(),
};
