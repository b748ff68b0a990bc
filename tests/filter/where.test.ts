import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/core/dataset/row.ts';
import { columnOf, type EntityTable } from '../../src/core/dataset/table.ts';
import { type Filter, matches } from '../../src/core/filter.ts';
import { architectures } from '../../src/declarations/generations/architectures.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { whereFilter } from '../../src/filter/where.ts';
import { rowsOf, storedRows, type Window, windows } from '../analytics/support/events.ts';
import { filtersOver } from '../analytics/support/filters.ts';
import { useStore } from '../analytics/support/open-store.ts';
import { describeEachDatabase } from '../support/databases.ts';

const idAt = llmCalls.at.id;
const passes = (table: EntityTable, filter: Filter) => (row: Row) =>
  matches(filter, (field) => row[columnOf(table, field).index] ?? null);

describeEachDatabase('whereFilter', (database) => {
  const opened = useStore(database);

  async function select(projectId: string, filter: Filter, table: EntityTable = llmCalls): Promise<string[]> {
    const rows = await opened.store.query
      .selectFrom(table.table)
      .select('id')
      .where('project_id', '=', projectId)
      .where(whereFilter(opened.store, table, filter))
      .execute();
    return rows.map((row) => String(row.id)).sort();
  }

  it.each([
    ['events', llmCalls],
    ['records', architectures],
  ] as const)('selects the %s that matches() accepts, for any rows and filter', async (_, table) => {
    const filters = (window: Window) =>
      fc.array(filtersOver(table.columns, window), { minLength: 5, maxLength: 12 });
    const cases = windows.chain((window) =>
      fc.tuple(fc.array(rowsOf(table, window), { minLength: 1, maxLength: 40 }), filters(window)),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([rows, several]) => {
        const projectId = opened.newProject();
        await opened.append(projectId, table, rows);
        const stored = storedRows(table, rows).map((row) => row.with(table.at.projectId, projectId));
        for (const filter of several) {
          const expected = stored.filter(passes(table, filter)).map((row) => row[table.at.id]);
          expect(await select(projectId, filter, table)).toEqual(expected.sort());
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['a', false, '013'],
    ['A', false, '4'],
    ['"', false, '2'],
    ['', false, ''],
    ['[]', false, ''],
    ['a', true, '245'],
  ])('finds lists that have %j (negated: %s)', async (value, negated, expected) => {
    const projectId = opened.newProject();
    const lists = [['a'], ['b', 'a'], ['"', 'ab'], ['a', 'A b'], ['A'], []];
    const [sample] = fc.sample(rowsOf(architectures, { from: 0, to: 1e12 }), { numRuns: 1, seed: 1 }) as [
      Row,
    ];
    const rows = lists.map((tags, index) =>
      sample
        .with(architectures.at.id, `00000000-0000-4000-8000-00000000000${index}`)
        .with(architectures.at.tags, JSON.stringify(tags)),
    );
    await opened.append(projectId, architectures, rows);
    const test = { kind: 'test', field: 'tags', operator: 'has', value, negated } as const;
    const ids = await select(projectId, test, architectures);
    expect(ids.map((id) => id.at(-1)).join('')).toBe(expected);
  });

  describe('text operators are literal', () => {
    it.each([
      ['contains', '%', ['100%', '\\%']],
      ['contains', '_', ['A_B', 'a_b']],
      ['contains', '', ['100%', 'A_B', 'a_b', 'axb', '\\%']],
      ['startsWith', 'a', ['a_b', 'axb']],
      ['startsWith', 'a_', ['a_b']],
      ['startsWith', '', ['100%', 'A_B', 'a_b', 'axb', '\\%']],
      ['startsWith', '\\', ['\\%']],
    ] as const)('%s %j', async (operator, value, expected) => {
      const projectId = opened.newProject();
      const models = ['100%', 'A_B', 'a_b', 'axb', '\\%'];
      const [sample] = fc.sample(rowsOf(llmCalls, { from: 0, to: 1e12 }), { numRuns: 1, seed: 1 }) as [Row];
      const rows = models.map((model, index) =>
        sample.with(idAt, `00000000-0000-4000-8000-00000000000${index}`).with(llmCalls.at.model, model),
      );
      await opened.append(projectId, llmCalls, rows);
      const ids = await select(projectId, { kind: 'test', field: 'model', operator, value, negated: false });
      expect(ids.map((id) => models[Number(id.at(-1))]).sort()).toEqual([...expected].sort());
    });
  });
});
