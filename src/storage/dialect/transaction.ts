import type { PrismaClient, PrismaTransaction } from '../prisma.ts';
import { orUnavailable } from './unavailable.ts';

/**
 * Runs work in a transaction of Prisma that waits for its turn, and then works, at most so long
 * each.
 */
export function runTransaction<Value>(
  prisma: PrismaClient,
  timeoutMs: number,
  work: (transaction: PrismaTransaction) => Promise<Value>,
): Promise<Value> {
  return orUnavailable(prisma.$transaction(work, { maxWait: timeoutMs, timeout: timeoutMs }));
}
