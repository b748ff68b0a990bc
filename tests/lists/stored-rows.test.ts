import { expect, it } from 'vitest';
import type { Column, ColumnValue } from '../../src/core/dataset/column.ts';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { agentMetrics } from '../../src/declarations/agents/agent-metrics.ts';
import { datasets } from '../../src/declarations/registry.ts';
import { fromPrisma } from '../../src/graphql/entities/column-types.ts';
import { readRows } from '../../src/lists/stored-rows.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { rowOf } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { uuidOf } from '../support/events.ts';

const NOW = Date.parse('2026-11-22T12:00:00.001Z');

/** Values of a kind that databases or their drivers may change. */
const VALUES: Readonly<Record<Column['kind'], readonly ColumnValue[]>> = {
  uuid: [uuidOf(1)],
  text: ['null', "ü'\\ \u{1f600}", '0'],
  enum: [],
  integer: [0, 1, 2 ** 31 - 1],
  float: [0, 0.1, 1e-7, Number.MAX_SAFE_INTEGER],
  money: [0, 1, 9e15],
  boolean: [true, false],
  timestamp: [0, NOW, Date.parse('9999-12-31T23:59:59.999Z')],
  duration: ['PT0S', 'P1D'],
  json: ['null', '{"a":null}', '{"f":1e-7,"n":9007199254740991,"s":"1"}'],
  texts: ['[]', '["a","null"]'],
};

/** The value at that position, modulo their number; enums have the declared names. */
function valueAt({ kind, values, optional }: Column, position: number): ColumnValue {
  const all = kind === 'enum' ? Object.keys(values ?? {}) : VALUES[kind];
  return optional && position === 0 ? null : (all[position % all.length] ?? null);
}

/** A row in which each column has its value at that position. */
function rowAt(dataset: Dataset, position: number) {
  const values = dataset.columns.map((column) => [column.name, valueAt(column, position)] as const);
  return rowOf(dataset, {
    ...Object.fromEntries(values),
    id: uuidOf(position),
    timestamp: NOW,
    receivedAt: NOW,
  });
}

describeEachDatabase('stored events', (database) => {
  const opened = useStore(database);

  it.each(datasets.map((dataset) => [dataset.name, dataset] as const))(
    'are read like by Prisma: %s',
    async (_, dataset) => {
      const projectId = opened.newProject();
      const rows = [0, 1, 2, 3].map((position) => rowAt(dataset, position));
      await opened.append(projectId, dataset, rows);
      const ids = [0, 1, 2, 3].map(uuidOf);
      const found = await readRows(opened.store, { table: dataset, projectId, ids }, dataset.columns);
      const prisma = opened.store.prisma as unknown as Record<
        string,
        { findMany(query: object): Promise<Record<string, unknown>[]> }
      >;
      const model = dataset.entity.charAt(0).toLowerCase() + dataset.entity.slice(1);
      const expected = (await prisma[model]?.findMany({ where: { projectId } })) ?? [];
      expect(expected).toHaveLength(4);
      const shown = (row: Record<string, unknown>) =>
        dataset.columns.map((column) => [column.name, fromPrisma(column, row[column.prismaName])]);
      const byId = (one: { id?: unknown }, other: { id?: unknown }) =>
        String(one.id) < String(other.id) ? -1 : 1;
      expect(found.sort(byId).map(shown)).toEqual(expected.sort(byId).map(shown));
    },
  );

  it('may have times in years with five digits', async () => {
    const projectId = opened.newProject();
    const lastActivity = Date.parse('+010000-01-01T13:00:00.001Z');
    const row = rowOf(agentMetrics, {
      id: uuidOf(1),
      timestamp: NOW,
      receivedAt: NOW,
      agentId: 'a',
      status: 'ACTIVE',
      uncommittedChanges: 0,
      lastActivity,
    });
    await opened.append(projectId, agentMetrics, [row]);
    const found = await readRows(
      opened.store,
      { table: agentMetrics, projectId, ids: [uuidOf(1)] },
      agentMetrics.columns,
    );
    expect(found.map((one) => one['lastActivity'])).toEqual([new Date(lastActivity)]);
  });
});
