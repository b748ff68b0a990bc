import type { PrismaClient as SqlitePrismaClient } from '../generated/sqlite/client.ts';

/**
 * The Prisma client that the code is written against: SQLite's, whose API is the narrower one (no
 * case-insensitive mode, no list columns). The clients of both databases come from the same models.
 */
export type PrismaClient = SqlitePrismaClient;

/**
 * Takes a client of the same models for another database: what SQLite's can do, each can. The one
 * cast.
 */
export function asPrismaClient(client: { $disconnect(): Promise<void> }): PrismaClient {
  return client as PrismaClient;
}

/** A client whose statements belong to one transaction. */
export type PrismaTransaction = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];
