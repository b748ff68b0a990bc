import { StorageUnavailable } from '../errors.ts';
import type { PrismaClient, PrismaTransaction } from '../prisma.ts';

/** Prisma: a transaction could not begin in time, or took longer than it may. */
const TRANSACTION_FAILED = 'P2028';

/** Runs work in a transaction of Prisma that waits for its turn, and then works, at most so long each. */
export async function runTransaction<Value>(
  prisma: PrismaClient,
  timeoutMs: number,
  work: (transaction: PrismaTransaction) => Promise<Value>,
): Promise<Value> {
  try {
    return await prisma.$transaction(work, { maxWait: timeoutMs, timeout: timeoutMs });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === TRANSACTION_FAILED) {
      throw new StorageUnavailable(error.message, { cause: error });
    }
    throw error;
  }
}
