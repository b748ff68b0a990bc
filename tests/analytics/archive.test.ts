import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RawBuilder, sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Analytics } from '../../src/analytics/analytics.ts';
import { createAnalytics } from '../../src/analytics/create-analytics.ts';
import { ratioOfTotals } from '../../src/analytics/formulas/ratio.ts';
import type { Scope, SeriesOptions, WantedMeasure } from '../../src/analytics/spec.ts';
import { createArchive } from '../../src/archive/archive.ts';
import { createArchiveReader } from '../../src/archive/read-archive.ts';
import type { Row } from '../../src/core/dataset/row.ts';
import { llmCalls } from '../../src/declarations/llm/llm-calls.ts';
import { createRetention } from '../../src/retention/retention.ts';
import { createHorizonReader } from '../../src/storage/horizons.ts';
import { callRow, NOON } from '../storage/support/calls.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { createTestClock } from '../support/test-clock.ts';
import { ATTRIBUTE_NAMES, ATTRIBUTES } from './support/attributes.ts';
import { expectStats } from './support/expectations.ts';
import { rowsInScope, statsOf } from './support/naive.ts';
import { useStore } from './support/open-store.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** The midnight before which rows expire at noon. */
const HORIZON = NOON - 90.5 * DAY;
const ENDS = ['stop', 'length', null];

/** A call every seven hours of 98 days, and two of old days that arrived late. */
const CALLS: readonly Row[] = [
  ...Array.from({ length: 334 }, (_, index) => {
    const timestamp = NOON - 98 * DAY + index * 7 * HOUR + index * 1_234;
    const success = index % 5 !== 0;
    const cost = index % 7 === 0 ? null : (index + 1) * 1_000;
    const attributes = ATTRIBUTES[index % ATTRIBUTES.length] ?? null;
    const own = { finishReason: ENDS[index % 3] ?? null, endUser: `user-${index % 11}`, attributes };
    return callRow({ timestamp, receivedAt: timestamp, success, cost, latencyMs: 10 + index, ...own });
  }),
  ...[93, 95].map((days) =>
    callRow({ timestamp: NOON - days * DAY, receivedAt: NOON, finishReason: 'late', endUser: 'late' }),
  ),
];
const MEASURES: readonly WantedMeasure[] = [
  { measure: 'cost', quantiles: [0.5, 0.95] },
  { measure: 'latencyMs', quantiles: [0.9] },
];
const ARCHIVED = { from: NOON - 97.3 * DAY, to: NOON - 92.1 * DAY };
const ACROSS = { from: NOON - 96.77 * DAY, to: NOON - DAY };

describeEachDatabase('expired rows in the archive', (database) => {
  const opened = useStore(database);
  let folder: string;
  let projectId: string;
  let analytics: Analytics;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'telltale-archive-'));
    ({ projectId, analytics } = await archived());
  });
  afterAll(() => rm(folder, { recursive: true }));

  /** A project whose old rows are in the archive. */
  async function archived(): Promise<{ projectId: string; analytics: Analytics; directory: string }> {
    const { store } = opened;
    const projectId = opened.newProject();
    await opened.append(projectId, llmCalls, CALLS);
    const retention = createRetention({
      ...{ store, clock: createTestClock(NOON), datasets: [llmCalls], retentionDays: null },
      archive: createArchive({ folder, store }),
    });
    const some = sql`select * from llm_calls where project_id = ${sql.lit(projectId)} and received_at = timestamp order by timestamp limit 6`;
    const copy = sql.table(`copy-of-${projectId}`);
    const change = (statement: RawBuilder<unknown>) =>
      store.exclusively((transaction) => statement.execute(transaction));
    await change(sql`create table ${copy} as ${some}`);
    await retention.run();
    // As if the run had been killed before it removed the rows: they are both in the archive and
    // here.
    await change(sql`insert into llm_calls select * from ${copy}`);
    const archive = createArchiveReader({ folder, store });
    const analytics = createAnalytics({ store, horizons: createHorizonReader(store.query), archive });
    return { projectId, analytics, directory: join(folder, 'llmCalls', projectId) };
  }

  const scopeOf = (range: Scope['range'], values: Partial<Scope> = {}): Scope => ({
    ...{ dataset: llmCalls, projectId, range, filter: null, archive: true },
    ...values,
  });
  const ended = (value: string): Scope['filter'] => ({
    ...{ kind: 'test', field: 'finishReason', operator: 'eq', negated: false },
    value,
  });

  it.each([
    ['the archive alone', ARCHIVED, 'ARCHIVE'],
    ['the archive and kept rows', ACROSS, 'MIXED'],
  ] as const)('answers totals, groups and series from %s', async (_, range, kind) => {
    const scope = scopeOf(range, { filter: ended('length') });
    const totals = await analytics.totals(scope, MEASURES);
    const rows = rowsInScope(scope, CALLS);
    expect(totals.source).toMatchObject({ kind, range, missing: [], moved: [], rowsRead: rows.length });
    const expired = rowsInScope(
      { ...scope, range: { from: range.from, to: Math.min(range.to, HORIZON) } },
      CALLS,
    );
    expect(totals.source.archivedRows).toBe(expired.length);
    // From a single source, quantiles are exact.
    const source = { kind: kind === 'ARCHIVE' ? 'RAW' : 'MIXED' } as const;
    expectStats(totals.value, statsOf(llmCalls, rows), llmCalls, MEASURES, source);

    const all = scopeOf(range);
    const orderBy = { by: { measure: 'cost', aggregate: 'sum' }, direction: 'desc' } as const;
    const groups = await analytics.groups(all, MEASURES, {
      dimensions: ['endUser'],
      orderBy,
      first: 20,
      atLeast: 2,
    });
    const users = new Set(rowsInScope(all, CALLS).map((row) => row[llmCalls.at.endUser] as string));
    const ofUser = (user: unknown, within = all) =>
      rowsInScope(within, CALLS).filter((row) => row[llmCalls.at.endUser] === user);
    expect(groups.value).toHaveLength([...users].filter((user) => ofUser(user).length > 1).length);
    for (const { dimensions, stats } of groups.value)
      expectStats(stats, statsOf(llmCalls, ofUser(dimensions['endUser'])), llmCalls, MEASURES, source);

    const options = {
      grain: kind === 'ARCHIVE' ? 'DAY' : 'WEEK',
      timeZone: 'Asia/Kolkata',
      dimensions: ['endUser'],
      top: 3,
      fill: 'ZERO',
    } as const;
    const series = await analytics.series(all, MEASURES, options satisfies SeriesOptions);
    expect(series.value.map(({ other }) => other)).toEqual([false, false, false, true]);
    const shown = series.value.map(({ dimensions }) => dimensions['endUser']);
    for (const { dimensions, other, points } of series.value)
      for (const { start, end, stats } of points) {
        const within = { ...all, range: { from: Math.max(start, range.from), to: Math.min(end, range.to) } };
        const own = rowsInScope(within, CALLS).filter((row) => {
          const user = row[llmCalls.at.endUser] as string;
          return other ? !shown.includes(user) : user === dimensions['endUser'];
        });
        expectStats(stats, statsOf(llmCalls, own), llmCalls, MEASURES, source);
      }
  });

  it('reads cells where they can answer, and the archive for the partial buckets at the ends', async () => {
    const scope = scopeOf({ from: ACROSS.from + 1_234_567, to: ACROSS.to });
    const { value, source } = await analytics.totals(scope, MEASURES);
    expect(source).toMatchObject({ kind: 'MIXED', grain: 'DAY', moved: [], missing: [], range: scope.range });
    expect(source.segments.map((segment) => segment.source)).toContain('ARCHIVE');
    expectStats(value, statsOf(llmCalls, rowsInScope(scope, CALLS)), llmCalls, MEASURES, source);
    const without = await analytics.totals({ ...scope, archive: false }, MEASURES);
    expect(without.source).toMatchObject({ archivedRows: 0, moved: [{ asked: scope.range.from }] });
  });

  it('answers both sides of a ratio', async () => {
    const side = (value: string) =>
      ({ dataset: llmCalls, filter: ended(value), aggregate: 'count', earlier: null }) as const;
    const question = { projectId, range: ACROSS, numerator: side('length'), denominator: side('stop') };
    const { value, source } = await ratioOfTotals(analytics, { ...question, archive: true });
    const count = (end: string) => rowsInScope(scopeOf(ACROSS, { filter: ended(end) }), CALLS).length;
    expect(value).toMatchObject({ numerator: count('length'), denominator: count('stop') });
    expect(source).toMatchObject({ range: ACROSS, missing: [] });
    expect((await ratioOfTotals(analytics, question)).source.missing).toEqual([
      { from: ACROSS.from, to: HORIZON },
    ]);
  });

  it('omits expired rows unless the question includes them', async () => {
    const scope = scopeOf(ACROSS, { filter: ended('length') });
    const { value, source } = await analytics.totals({ ...scope, archive: false }, []);
    expect(source).toMatchObject({ archivedRows: 0, missing: [{ from: ACROSS.from, to: HORIZON }] });
    const kept = rowsInScope({ ...scope, range: { from: HORIZON, to: ACROSS.to } }, CALLS);
    expect(value.rowCount).toBe(kept.length);
  });

  it('counts values, attributes and buckets of values', async () => {
    const distinct: WantedMeasure = { measure: 'endUser', quantiles: [], totals: ['distinct'] };
    const attribute: WantedMeasure = {
      measure: ATTRIBUTE_NAMES[0] ?? '',
      quantiles: [0.5],
      totals: ['sum', 'others'],
    };
    const scope = scopeOf(ARCHIVED);
    const { value } = await analytics.totals(scope, [distinct, attribute]);
    const expected = statsOf(llmCalls, rowsInScope(scope, CALLS));
    expectStats(value, expected, llmCalls, [distinct, attribute], { kind: 'RAW' });
    await expect(analytics.totals(scopeOf(ACROSS), [distinct])).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { argument: 'archive' },
      message: expect.stringContaining('Distinct values of endUser'),
    });
    const cut = {
      measure: 'latencyMs',
      buckets: 4,
      scale: 'LINEAR',
      from: null,
      to: null,
      time: null,
    } as const;
    const across = scopeOf(ACROSS);
    const found = await analytics.distribution(across, cut);
    const latencies = statsOf(llmCalls, rowsInScope(across, CALLS)).values('latencyMs');
    expect(found.value.points[0]?.count).toBe(latencies.length);
    expect(found.value.points[0]?.counts.reduce((sum, count) => sum + count, 0)).toBe(latencies.length);
  });

  describe('that lacks something', () => {
    const dayOf = (days: number) => new Date(NOON - days * DAY).toISOString().slice(0, 10);

    let own: Awaited<ReturnType<typeof archived>>;
    let scope: Scope;
    beforeAll(async () => {
      own = await archived();
      scope = scopeOf(ARCHIVED, { projectId: own.projectId, filter: ended('length') });
    });

    it('names a damaged file, and says what to do', async () => {
      const file = join(own.directory, `${dayOf(95)}.parquet`);
      const whole = await readFile(file);
      await writeFile(file, whole.subarray(0, -9));
      await expect(own.analytics.totals(scope, [])).rejects.toMatchObject({
        code: 'UNAVAILABLE',
        message: expect.stringMatching(
          new RegExp(`^The file ${dayOf(95)}\\.parquet of llmCalls in the archive cannot be read`),
        ),
      });
      await writeFile(file, whole);
    });

    it('keeps nothing of a day with a missing file, nor anything before it', async () => {
      await rm(join(own.directory, `${dayOf(95)}.parquet`));
      const { value, source } = await own.analytics.totals(scope, []);
      const since = Date.parse(dayOf(94));
      expect(source.missing).toEqual([{ from: ARCHIVED.from, to: since }]);
      expect(source.reason).toContain(`the archive does not have every row of ${dayOf(95)}`);
      const kept = rowsInScope({ ...scope, range: { from: since, to: ARCHIVED.to } }, CALLS);
      expect(value.rowCount).toBe(kept.length);
    });

    it('refuses without an archive', async () => {
      const none = createAnalytics({ store: opened.store });
      await expect(none.totals(scopeOf(ARCHIVED), [])).rejects.toMatchObject({
        code: 'BAD_USER_INPUT',
        details: { argument: 'archive' },
      });
    });

    it('stops when its reader does', async () => {
      const scope = scopeOf(ARCHIVED, { filter: ended('length') });
      const stop = new AbortController();
      const reason = new Error('gone');
      const answer = opened.store.reading({ signal: stop.signal }, () => analytics.totals(scope, MEASURES));
      stop.abort(reason);
      await expect(answer).rejects.toBe(reason);
      expect((await analytics.totals(scope, [])).source.kind).toBe('ARCHIVE');
    });
  });
});
