import type { KyselyPlugin } from 'kysely';
import type { Store } from '../storage/store.ts';
import type { Tracer } from './tracer.ts';

/** The store. Its reads and changes of states record when they ran if they belong to a trace. */
export function watchStatements(store: Store, tracer: Tracer): Store {
  const started = new WeakMap<object, number>();
  const plugin: KyselyPlugin = {
    transformQuery({ node, queryId }) {
      // Also called for parts of a statement.
      if (tracer.isTracing() && !started.has(queryId)) started.set(queryId, performance.now());
      return node;
    },
    async transformResult({ result, queryId }) {
      const start = started.get(queryId);
      if (start !== undefined) tracer.statement({ start, end: performance.now() });
      return result;
    },
  };
  const prisma = store.prisma.$extends({
    query: {
      async $allOperations({ args, query }) {
        if (!tracer.isTracing()) return query(args);
        const start = performance.now();
        try {
          return await query(args);
        } finally {
          tracer.statement({ start, end: performance.now() });
        }
      },
    },
  });
  return { ...store, query: store.query.withPlugin(plugin), prisma: prisma as unknown as Store['prisma'] };
}
