import type { PrismaClient, PrismaTransaction } from '../prisma.ts';
import { orUnavailable } from './unavailable.ts';

/**
 * Runs work in a transaction of Prisma. The transaction waits at most `timeoutMs` for its turn, and
 * then runs at most as long again.
 */
export function runTransaction<Value>(
  prisma: PrismaClient,
  timeoutMs: number,
  work: (transaction: PrismaTransaction) => Promise<Value>,
): Promise<Value> {
  return orUnavailable(prisma.$transaction(work, { maxWait: timeoutMs, timeout: timeoutMs }));
}
