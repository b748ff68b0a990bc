import type { PrismaClient as SqlitePrismaClient } from '../generated/sqlite/client.ts';

/**
 * The type of the Prisma client for all code: that of SQLite, whose API is the narrower one (no
 * case-insensitive mode, no list columns). The clients of both databases are generated from the
 * same models.
 */
export type PrismaClient = SqlitePrismaClient;

/**
 * Uses the client of another database as that of SQLite: it has the same models and supports
 * everything that SQLite's client does. This is the only cast.
 */
export function asPrismaClient(client: { $disconnect(): Promise<void> }): PrismaClient {
  return client as PrismaClient;
}

/** A client whose statements belong to one transaction. */
export type PrismaTransaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];
