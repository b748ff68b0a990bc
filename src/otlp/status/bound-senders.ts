import type { Store } from '../../storage/store.ts';
import { createPendingCounts, OTHERS, type OtlpCount } from './counts.ts';

/** The most senders of a project that are counted by name. */
export const MAX_SENDERS = 200;

/**
 * Merges the counts of all senders beyond the first of each project: their names come from outside,
 * so the table would grow with them. Instances that save at the same time may keep a few more.
 */
export async function boundSenders(
  { query }: Pick<Store, 'query'>,
  counts: readonly OtlpCount[],
): Promise<OtlpCount[]> {
  if (counts.length === 0) return [];
  const senders = new Map(counts.map(({ projectId }) => [projectId, new Set<string>()]));
  const stored = await query
    .selectFrom('otlp_counts')
    .select(['project_id', 'sender'])
    .distinct()
    .where('project_id', 'in', [...senders.keys()])
    .where('sender', '!=', OTHERS)
    .execute();
  for (const row of stored) senders.get(String(row['project_id']))?.add(String(row['sender']));
  const bounded = createPendingCounts(Date.now);
  bounded.giveBack(
    counts.map((count) => {
      const known = senders.get(count.projectId);
      if (known === undefined || known.has(count.sender)) return count;
      if (known.size >= MAX_SENDERS) return { ...count, sender: OTHERS };
      known.add(count.sender);
      return count;
    }),
  );
  return bounded.take();
}
