import { expect, it } from 'vitest';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import type { Scope } from '../../src/analytics/spec.ts';
import { type Columns, ColumnsUnavailable } from '../../src/columns/columns.ts';
import { createColumnsQuery } from '../../src/columns/query.ts';
import { isOneOf } from '../../src/core/build-filter.ts';
import type { Filter, FilterTest } from '../../src/core/filter.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { useColumns } from './support/columns-of-tests.ts';
import { useStore } from './support/open-store.ts';
import { llmCall, sampleCalls, uuidOf } from './support/sample.ts';

const at = (text: string): number => Date.parse(text);
const HOUR = 3_600_000;
const MONTH = { from: at('2026-03-01T00:00:00Z'), to: at('2026-04-01T00:00:00Z') };
const WEEK = { from: at('2026-03-05T00:00:00Z'), to: at('2026-03-12T00:00:00Z') };

const LIMITED = isOneOf('errorType', ['rate_limit']);
const contains = (value: string): FilterTest => ({
  kind: 'test',
  field: 'finishReason',
  operator: 'contains',
  value,
  negated: false,
});

describeEachDatabase('analytics by columns', (database) => {
  const opened = useStore(database);
  const copy = useColumns();

  /** A project with these rows in the database and in the copy. */
  async function projectWith(rows: Parameters<typeof copy.append>[1]): Promise<string> {
    const projectId = opened.newProject();
    await opened.append(projectId, llmCalls, rows);
    await copy.append(
      llmCalls,
      rows.map((row) => row.with(llmCalls.at.projectId, projectId)),
    );
    return projectId;
  }

  function open(columns: Partial<Columns> = {}, sources: 'ANY' | 'RAW' | 'COLUMNS' = 'ANY') {
    const warnings: string[] = [];
    const log = { warn: (_: object, message: string) => void warnings.push(message) };
    const analytics = createAnalytics({
      store: opened.store,
      columns: { copy: { ...copy, ...columns }, log },
      sources,
    });
    return { analytics, warnings };
  }

  const scopeOf = (projectId: string, changes: Partial<Scope> = {}): Scope => ({
    ...{ dataset: llmCalls, projectId, range: WEEK, filter: null },
    ...changes,
  });

  it('answers what no rollup holds, and reports its source', async () => {
    const projectId = await projectWith(sampleCalls(WEEK.from, 60));
    const order = { orderBy: { by: 'count', direction: 'desc' }, first: 10 } as const;
    const scope = scopeOf(projectId, { range: MONTH });
    const { value, source } = await open().analytics.groups(scope, [], {
      ...order,
      dimensions: ['errorType'],
    });
    expect(value.map(({ dimensions, stats }) => [dimensions['errorType'], stats.rowCount])).toEqual([
      [null, 54],
      ['rate_limit', 6],
    ]);
    expect(source).toMatchObject({
      ...{ kind: 'COLUMNS', grain: null, rowsRead: 60 },
      reason: 'columns: no rollup keeps errorType',
      segments: [{ source: 'COLUMNS', ranges: [MONTH] }],
    });
  });

  it('is case-sensitive, and takes % and _ literally', async () => {
    const reasons = ['Rate limit of 100%', 'rate limit', 'a_b', 'a b', null];
    const projectId = await projectWith(
      reasons.map((finishReason, index) =>
        llmCall({ id: uuidOf(index), timestamp: WEEK.from, finishReason }),
      ),
    );
    const { analytics } = open({}, 'COLUMNS');
    const count = async (filter: Filter) => {
      const { value, source } = await analytics.totals(scopeOf(projectId, { filter }), []);
      expect(source.kind).toBe('COLUMNS');
      return value.rowCount;
    };
    expect(await count(contains('rate'))).toBe(1);
    expect(await count(contains('Rate'))).toBe(1);
    expect(await count(contains('ate limit'))).toBe(2);
    expect(await count(contains('0%'))).toBe(1);
    expect(await count(contains('a_b'))).toBe(1);
    expect(await count({ ...contains('rate'), negated: true })).toBe(4);
  });

  it.each([
    // The clock goes back half an hour on this day.
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', 49],
    ['Asia/Kolkata', '2026-03-01T18:30:00Z', '2026-03-02T18:30:00Z', 48],
  ])('begins days at the local midnight of %s', async (timeZone, from, to, halfHours) => {
    const [day, end] = [at(from), at(to)];
    const projectId = await projectWith(
      [day - 1, ...Array.from({ length: halfHours }, (_, index) => day + (index * HOUR) / 2), end].map(
        (timestamp, index) => llmCall({ id: uuidOf(index), timestamp, latencyMs: index }),
      ),
    );
    const range = { from: day - HOUR, to: end + HOUR };
    const { value, source } = await open({}, 'COLUMNS').analytics.series(
      scopeOf(projectId, { range }),
      [{ measure: 'latencyMs', quantiles: [] }],
      { grain: 'DAY', timeZone, dimensions: [], top: 1, fill: 'ZERO' },
    );
    expect(source.kind).toBe('COLUMNS');
    const points = value.flatMap((series) => series.points);
    expect(points.map(({ stats }) => stats.rowCount)).toEqual([1, halfHours, 1]);
    expect(points[1]).toMatchObject({ start: day, end });
    expect(points[1]?.stats.measures.get('latencyMs')).toMatchObject({ min: 1, max: halfHours });
  });

  it('answers ranges without rows', async () => {
    const projectId = await projectWith(sampleCalls(WEEK.from, 5));
    const scope = scopeOf(projectId, { range: { from: WEEK.from - 10 * HOUR, to: WEEK.from - HOUR } });
    const { analytics } = open({}, 'COLUMNS');
    const measures = [{ measure: 'latencyMs', quantiles: [0.5] }];
    const totals = await analytics.totals(scope, measures);
    expect(totals).toMatchObject({
      value: { rowCount: 0, successCount: 0 },
      source: { kind: 'COLUMNS', rowsRead: 0 },
    });
    expect(totals.value.measures.get('latencyMs')).toMatchObject({ count: 0, sum: 0, min: null });
    const options = { grain: 'HOUR', timeZone: 'UTC', dimensions: ['model'], top: 3, fill: 'ZERO' } as const;
    expect((await analytics.series(scope, measures, options)).value).toEqual([]);
  });

  it('slides windows as it does on rows', async () => {
    const projectId = await projectWith(sampleCalls(WEEK.from, 40));
    const options = { dimensions: ['errorType'], top: 2, width: 6 * HOUR, step: 0.7 * HOUR };
    const measures = [{ measure: 'latencyMs', quantiles: [0.9] }];
    const scope = scopeOf(projectId, { range: { from: WEEK.from + 1234, to: WEEK.from + 50 * HOUR } });
    const ask = (sources: 'RAW' | 'COLUMNS') =>
      open({}, sources).analytics.windows(scope, measures, options, (stats) => [
        stats.rowCount,
        stats.measures.get('latencyMs')?.quantiles.get(0.9)?.toPrecision(9),
      ]);
    const byColumns = await ask('COLUMNS');
    expect(byColumns.source.kind).toBe('COLUMNS');
    expect(byColumns.value).toEqual((await ask('RAW')).value);
  });

  it.each([
    ['few', 3, 1],
    // Their totals, one per hour and group, are too many to read.
    ['many', 21, 3],
  ])('reads the series of the largest of %s groups', async (_, groups, statements) => {
    const projectId = opened.newProject();
    const hours = 1_000;
    const rows = Array.from({ length: groups * hours + 1 }, (_none, index) =>
      llmCall({
        ...{ projectId, id: uuidOf(index), latencyMs: index % hours },
        timestamp: WEEK.from + (index % hours) * HOUR,
        finishReason: `reason ${Math.floor(index / hours) % groups}`,
      }),
    );
    await copy.append(llmCalls, rows);
    let run = 0;
    const query = copy.query.withPlugin({
      transformQuery: ({ node }) => {
        run++;
        return node;
      },
      transformResult: async ({ result }) => result,
    });
    const range = { from: WEEK.from, to: WEEK.from + hours * HOUR };
    const { value } = await open({ query }, 'COLUMNS').analytics.series(
      scopeOf(projectId, { range }),
      [{ measure: 'latencyMs', quantiles: [] }],
      { grain: 'HOUR', timeZone: 'UTC', dimensions: ['finishReason'], top: 1, fill: 'ZERO' },
    );
    expect(run).toBe(statements);
    const shown = value.map(({ dimensions, other, points }) => {
      const sum = points.reduce((all, { stats }) => all + (stats.measures.get('latencyMs')?.sum ?? 0), 0);
      return [dimensions['finishReason'], other, points.length, points[0]?.stats.rowCount, sum];
    });
    const sumOfGroup = (hours * (hours - 1)) / 2;
    expect(shown).toEqual([
      ['reason 0', false, hours, 2, sumOfGroup],
      [null, true, hours, groups - 1, (groups - 1) * sumOfGroup],
    ]);
  });

  it('asks the rows when the copy is behind, fails, or lacks a field', async () => {
    const projectId = await projectWith(sampleCalls(WEEK.from, 20));
    const broken = createColumnsQuery(() => Promise.reject(new ColumnsUnavailable('the columns broke')));
    const scope = scopeOf(projectId, { filter: LIMITED });
    const whyOf = async ({ analytics }: ReturnType<typeof open>) => {
      const { value, source } = await analytics.totals(scope, []);
      expect(value.rowCount).toBe(2);
      expect(source.kind).toBe('RAW');
      return source.reason.replace('raw rows: no rollup keeps errorType; ', '');
    };
    const behind = open({ catchUp: async () => 'the columns are 7 events behind', query: broken });
    expect(await whyOf(behind)).toBe('the columns are 7 events behind');
    expect(behind.warnings).toEqual([]);
    const failing = open({ query: broken });
    expect([await whyOf(failing), await whyOf(failing)]).toEqual(['the columns broke', 'the columns broke']);
    expect(failing.warnings).toEqual(['The columns could not answer, so rows or cells did']);
    const lacking = open({ holds: (_, fields) => !fields.includes('errorType') });
    expect(await whyOf(lacking)).toBe('the columns do not hold errorType');
  });

  it('reports errors that do not come from the copy', async () => {
    const stopped = createColumnsQuery(() => Promise.reject(new Error('stopped')));
    const { analytics } = open({ query: stopped });
    const scope = scopeOf(opened.newProject(), { filter: LIMITED });
    await expect(analytics.totals(scope, [])).rejects.toThrow('stopped');
  });

  it('does not wait for the copy if cells can answer', async () => {
    const projectId = await projectWith(sampleCalls(WEEK.from, 20));
    const { analytics } = open({ catchUp: async () => expect.unreachable('it waited') });
    const { value, source } = await analytics.totals(scopeOf(projectId), []);
    expect([value.rowCount, source.kind]).toEqual([20, 'ROLLUP']);
  });
});
