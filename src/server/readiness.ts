import type { Services } from '../graphql/context.ts';
import type { Readiness } from './plugins/use-health-endpoints.ts';

/** A database that takes longer does not answer, as far as a load balancer is concerned. */
const PATIENCE_MS = 2_000;

/**
 * Asks whether the database answers and has all migrations of this version; somebody may have taken it away or restored an
 * older one while the server ran.
 */
export function createReadinessCheck(
  store: Pick<Services['store'], 'ping' | 'query'>,
  migrations: readonly string[],
): () => Promise<Readiness> {
  async function check(): Promise<Readiness> {
    try {
      await store.ping();
      const records = await store.query
        .selectFrom('_prisma_migrations')
        .select('migration_name')
        .where('finished_at', 'is not', null)
        .where('rolled_back_at', 'is', null)
        .execute();
      const applied = new Set(records.map((record) => record.migration_name));
      const missing = migrations.filter((name) => !applied.has(name));
      if (missing.length === 0) return { ready: true };
      return { ready: false, reason: `The database lacks the migrations ${missing.join(', ')}.` };
    } catch (error) {
      return { ready: false, reason: `The database does not answer: ${(error as Error).message}` };
    }
  }

  return async () => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Readiness>((resolve) => {
      const reason = `The database did not answer within ${PATIENCE_MS} ms.`;
      timer = setTimeout(() => resolve({ ready: false, reason }), PATIENCE_MS);
    });
    try {
      return await Promise.race([check(), late]);
    } finally {
      clearTimeout(timer);
    }
  };
}
