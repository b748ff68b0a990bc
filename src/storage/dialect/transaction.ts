import type { PrismaClient, PrismaTransaction } from '../prisma.ts';
import { orUnavailable } from './unavailable.ts';

/**
 * Runs work in a Prisma transaction. The transaction waits at most `timeoutMs` for its turn, and
 * may then run for as long again.
 */
export function runTransaction<Value>(
  prisma: PrismaClient,
  timeoutMs: number,
  work: (transaction: PrismaTransaction) => Promise<Value>,
): Promise<Value> {
  return orUnavailable(prisma.$transaction(work, { maxWait: timeoutMs, timeout: timeoutMs }));
}
