import type { CopiedTable } from './copied-table.ts';
import type { ExpiredRows, RowSource, Witness } from './row-source.ts';

/** What the table of a dataset in the copy reveals about the database of which it is a copy. */
export interface Evidence extends Pick<CopiedTable, 'dataset' | 'position'> {
  readonly witnesses: readonly Witness[];
  readonly expired: readonly ExpiredRows[];
}

export async function evidenceOf(tables: readonly CopiedTable[]): Promise<readonly Evidence[]> {
  const all: Evidence[] = [];
  for (const { dataset, position, witnesses, expired } of tables) {
    all.push({ dataset, position, witnesses: await witnesses(), expired: await expired() });
  }
  return all;
}

/**
 * Whether the rows are still those that were copied. A database that was replaced by a backup, or
 * by another database, lacks rows or removals that the copy has seen. Each of the rows that were
 * copied last must be there under its number, or the reason why it is gone must be known.
 */
export async function isOfThisDatabase(all: readonly Evidence[], source: RowSource): Promise<boolean> {
  const gone: { readonly rows: readonly Witness[]; readonly of: Evidence }[] = [];
  for (const of of all) {
    const { dataset, position, witnesses } = of;
    const { number, projectId } = position.removal;
    if (!(await source.hasReached(dataset, position))) return false;
    if (number > 0 && (await source.projectOf(number)) !== projectId) return false;
    const { correction } = position;
    if (correction.number > 0 && (await source.correctionOf(correction.number)) !== correction.id)
      return false;
    const arrivals = await source.arrivalsOf(dataset, witnesses);
    // A row with the same key but another number arrived after the first was removed.
    gone.push({ of, rows: witnesses.filter(({ arrival }, index) => arrivals[index] !== arrival) });
  }
  // Read after the rows: by then the reason why a row is gone has been noted.
  const horizons = new Map((await source.expired()).map((rows) => [keyOf(rows), rows.before]));
  for (const { rows, of } of gone) {
    const removed = await source.removedAfter(of.position.removal.number);
    const horizonOf = (projectId: string): number =>
      removed.has(projectId)
        ? Number.POSITIVE_INFINITY
        : (horizons.get(keyOf({ dataset: of.dataset.name, projectId })) ?? Number.NEGATIVE_INFINITY);
    if (of.expired.some(({ projectId, before }) => horizonOf(projectId) < before)) return false;
    const isExplained = ({ projectId, timestamp, receivedAt }: Witness) =>
      Math.max(timestamp, receivedAt) < horizonOf(projectId);
    if (!rows.every(isExplained)) return false;
  }
  return true;
}

const keyOf = ({ dataset, projectId }: Pick<ExpiredRows, 'dataset' | 'projectId'>): string =>
  `${dataset} ${projectId}`;
