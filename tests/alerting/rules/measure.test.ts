import { beforeAll, expect, it } from 'vitest';
import { type MeasuredRule, measure } from '../../../src/alerting/rules/measure.ts';
import type { EventQuestion } from '../../../src/alerting/rules/rule.ts';
import { createAnalytics, MAX_GROUPS } from '../../../src/analytics/create-analytics.ts';
import type { DimensionValues, Source } from '../../../src/analytics/spec.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { useStore } from '../../analytics/support/open-store.ts';
import { llmCall, uuidOf } from '../../analytics/support/sample.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { ruleOf } from './support/rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOON = Date.parse('2026-03-05T12:00:00Z');
/** More groups than one answer can hold. */
const SMALL = MAX_GROUPS + 10;

const shouldContinue = () => Promise.resolve(true);
const user = (index: number) => `user-${String(index).padStart(4, '0')}`;
const [LAST, GONE, BIG] = [user(SMALL - 1), 'gone', 'zz-big'];

/** The rate of failed calls by model, for models with at least ten calls. */
const failures = (projectId: string, question: Partial<EventQuestion> = {}): MeasuredRule =>
  ruleOf(
    {
      aggregate: 'ERROR_RATE',
      groupBy: ['model'],
      windowMs: 24 * HOUR,
      minimumCount: 10,
      ...question,
    },
    { warning: 0.5 },
    projectId,
  );

describeEachDatabase('measure', (database) => {
  const opened = useStore(database);
  /** Calls of each of many models fail once; of the last one by name, eighteen of twenty fail. */
  beforeAll(() => {
    const users = [...Array.from({ length: SMALL }, (_, index) => user(index)), ...Array(20).fill(BIG)];
    return opened.append(
      'many',
      llmCalls,
      users.map((model, index) =>
        llmCall({
          id: uuidOf(index),
          timestamp: NOON - HOUR - index,
          model,
          success: model === BIG && index % 10 === 0,
        }),
      ),
    );
  });

  it('counts distinct values, and keeps the groups with the most', async () => {
    const analytics = createAnalytics({ store: opened.store });
    const options = { known: [{ model: GONE }], now: NOON, shouldContinue };
    const distinct = { aggregate: 'COUNT_DISTINCT', measure: 'success', minimumCount: 0 } as const;
    const found = await measure(analytics, failures('many', distinct), options);
    expect(found?.[0]).toEqual({ labels: { model: BIG }, value: 2, found: true });
    expect(found?.at(-1)).toEqual({ labels: { model: GONE }, value: 0, found: false });
    const models = { ...distinct, measure: 'model', groupBy: [] };
    expect(await measure(analytics, failures('many', models), options)).toEqual([
      { labels: {}, value: SMALL + 1, found: true },
    ]);
  });

  it.each(['ANY', 'RAW'] as const)(
    'finds a large bad group among more small ones than an answer can hold (%s)',
    async (sources) => {
      const analytics = createAnalytics({ store: opened.store, sources });
      const kinds: Source['kind'][] = [];
      const groups: typeof analytics.groups = async (...question) => {
        const answer = await analytics.groups(...question);
        kinds.push(answer.source.kind);
        return answer;
      };
      const known = [{ model: LAST }, { model: GONE }, { model: BIG }, { model: user(0) }];
      const measurements = await measure({ ...analytics, groups }, failures('many'), {
        known,
        now: NOON,
        shouldContinue,
      });
      const of = (model: string) => measurements?.filter(({ labels }) => labels.model === model);
      expect(of(BIG)).toEqual([{ labels: { model: BIG }, value: 0.9, found: true }]);
      // Models with too few calls to judge, or with none.
      expect(of(LAST)).toEqual([{ labels: { model: LAST }, value: null, found: true }]);
      expect(of(GONE)).toEqual([{ labels: { model: GONE }, value: null, found: false }]);
      expect(of(user(0))).toEqual([{ labels: { model: user(0) }, value: null, found: true }]);
      expect(measurements).toHaveLength(MAX_GROUPS + 3);
      // All models, those with enough calls, and the known ones.
      expect(kinds).toEqual(Array(3).fill(sources === 'RAW' ? 'RAW' : 'ROLLUP'));
    },
  );

  it('queries once if one answer holds all groups', async () => {
    const analytics = createAnalytics({ store: opened.store });
    const questions: (readonly string[])[] = [];
    const groups: typeof analytics.groups = (...question) => {
      questions.push(question[2].dimensions);
      return analytics.groups(...question);
    };
    const known: DimensionValues[] = [{ provider: 'openai' }, { provider: 'nobody' }];
    const rule = failures('many', { groupBy: ['provider'] });
    const options = { known, now: NOON, shouldContinue };
    expect(await measure({ ...analytics, groups }, rule, options)).toEqual([
      { labels: { provider: 'openai' }, value: expect.closeTo((SMALL + 18) / (SMALL + 20), 9), found: true },
      { labels: { provider: 'nobody' }, value: null, found: false },
    ]);
    expect(questions).toEqual([['provider']]);
  });

  it('finds known groups of several dimensions, also those with absent values', async () => {
    const rule = failures('many', { groupBy: ['service', 'model'], minimumCount: 1 });
    // JSON columns return keys in their own order.
    const known = [
      { model: BIG, service: null },
      { model: LAST, service: null },
      { model: LAST, service: 'api' },
    ];
    const analytics = createAnalytics({ store: opened.store });
    const measurements = await measure(analytics, rule, { known, now: NOON, shouldContinue });
    expect(measurements).toContainEqual({ labels: { service: null, model: BIG }, value: 0.9, found: true });
    expect(measurements).toContainEqual({ labels: { service: null, model: LAST }, value: 1, found: true });
    expect(measurements).toContainEqual({
      labels: { service: 'api', model: LAST },
      value: null,
      found: false,
    });
  });

  it('queries nothing more when it is stopped', async () => {
    const analytics = createAnalytics({ store: opened.store });
    let asked = 0;
    const groups: typeof analytics.groups = (...question) => {
      asked++;
      return analytics.groups(...question);
    };
    for (const most of [1, 2]) {
      asked = 0;
      const options = {
        known: [{ model: GONE }],
        now: NOON,
        shouldContinue: () => Promise.resolve(asked < most),
      };
      expect(await measure({ ...analytics, groups }, failures('many'), options)).toBeNull();
      expect(asked).toBe(most);
    }
  });
});
