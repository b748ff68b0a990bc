import { randomUUID } from 'node:crypto';
import { numberAt, type Row } from '../../../src/core/dataset/row.ts';
import { noteCorrection, writeCalls } from '../../../src/costs/correct-calls.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import type { Store } from '../../../src/storage/store.ts';
import { callRow, idOf } from '../../storage/support/calls.ts';

/** Calls that differ in the columns of the copy. */
export const calls = (count: number, values = {}) =>
  Array.from({ length: count }, () => callRow({ requestId: randomUUID(), ...values }));

export const remove = (store: Store, rows: readonly Row[]) =>
  store.query.deleteFrom(llmCalls.table).where('id', 'in', rows.map(idOf)).execute();

/** Removes a project like the end of its removal, and records it. */
export async function removeProject(store: Store, projectId: string): Promise<void> {
  await store.query.deleteFrom(llmCalls.table).where('project_id', '=', projectId).execute();
  await store.prisma.retentionHorizon.deleteMany({ where: { projectId } });
  await store.prisma.projectRemoval.create({ data: { projectId } });
}

/** Removes rows that are older by both of their times, like retention. */
export async function expire(store: Store, projectId: string, before: number): Promise<void> {
  const key = { projectId, dataset: 'llmCalls', source: 'RAW', dimensionSet: '' };
  await store.prisma.retentionHorizon.upsert({
    where: { projectId_dataset_source_dimensionSet: key },
    create: { ...key, instant: before },
    update: { instant: before },
  });
  const instant = store.functions.instant(before);
  await store.query
    .deleteFrom(llmCalls.table)
    .where('project_id', '=', projectId)
    .where('timestamp', '<', instant)
    .where('received_at', '<', instant)
    .execute();
}

/** Gives calls another cost, in nano-USD, like `recomputeCosts`, and records it. */
export async function correct(store: Store, rows: readonly Row[], cost: number | null): Promise<void> {
  const times = rows.map((row) => numberAt(row, llmCalls.at.timestamp));
  const values = {
    cost_nano_usd: cost,
    cost_source: cost === null ? 'UNKNOWN' : 'COMPUTED',
    cost_problem: cost === null ? 'NO_PRICE' : null,
    saved_cost_nano_usd: cost,
  };
  await store.exclusively(async (transaction) => {
    const changed = rows.map((row) => ({ id: idOf(row), ...values }));
    await writeCalls(store, transaction, { projectId: 'default', changed });
    await noteCorrection(transaction, {
      ...{ id: randomUUID(), projectId: 'default' },
      ...{ first: Math.min(...times), last: Math.max(...times) },
    });
  });
}
