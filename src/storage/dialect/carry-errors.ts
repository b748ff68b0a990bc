import type { SqlDriverAdapterFactory, SqlQuery } from '@prisma/driver-adapter-utils';
import { TelltaleError } from '../../core/errors.ts';
import { CarriedError } from '../errors.ts';

/**
 * An adapter for Prisma whose reads may reject with a TelltaleError, such as that of a limit.
 * Prisma replaces errors that have a `code` by its own, without their details and with its own text
 * in the message. So ours pass Prisma inside of an error without a code. Statements of transactions
 * have no limits.
 */
export function carryErrors(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    async connect() {
      const adapter = await factory.connect();
      const queryRaw = adapter.queryRaw.bind(adapter);
      const executeRaw = adapter.executeRaw.bind(adapter);
      return Object.assign(adapter, {
        queryRaw: (query: SqlQuery) => carried(queryRaw(query)),
        executeRaw: (query: SqlQuery) => carried(executeRaw(query)),
      });
    },
  };
}

async function carried<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof TelltaleError ? new CarriedError(error) : error;
  }
}
