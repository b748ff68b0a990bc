import { beforeAll, describe, expect, it } from 'vitest';
import { type Preview, type PreviewedRule, previewRule } from '../../../src/alerting/rules/preview.ts';
import { createAnalytics } from '../../../src/analytics/create-analytics.ts';
import { dimensionSetName } from '../../../src/core/rollup/fold.ts';
import { levelName } from '../../../src/core/rollup/horizons.ts';
import type { Interval } from '../../../src/core/time/range.ts';
import { llmCalls } from '../../../src/declarations/llm/llm-calls.ts';
import { useStore } from '../../analytics/support/open-store.ts';
import { llmCall, uuidOf } from '../../analytics/support/sample.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { ruleOf } from './support/rules.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOON = Date.parse('2026-03-05T12:00:00Z');

/** Horizons of the minutes of all sets. */
const minutesSince = (instant: number) =>
  new Map(llmCalls.rollups.map((set) => [levelName('MINUTE', dimensionSetName(set)), instant]));

describeEachDatabase('previewRule', (database) => {
  const opened = useStore(database);
  const preview = (rule: PreviewedRule, range: Interval, now = NOON + 10 * DAY): Promise<Preview> =>
    previewRule({ analytics: createAnalytics({ store: opened.store }), now }, rule, range);

  describe('of twenty minutes of calls every ten seconds', () => {
    const BURST = { from: NOON + 2 * DAY, to: NOON + 2 * DAY + 20 * MINUTE };
    const USERS = 25;
    beforeAll(() =>
      opened.append(
        'burst',
        llmCalls,
        Array.from({ length: 120 }, (_, index) =>
          llmCall({
            id: uuidOf(index),
            timestamp: BURST.from + index * 10 * SECOND,
            latencyMs: 100,
            endUser: `user-${index % USERS}`,
          }),
        ),
      ),
    );

    it('reports when the rule fired, for how long, and what was read', async () => {
      const found = await preview(ruleOf({}, { warning: 24 }, 'burst'), {
        from: BURST.from - HOUR,
        to: BURST.to + HOUR,
      });
      expect(found).toEqual({
        range: { from: BURST.from - HOUR, to: BURST.to + HOUR },
        step: MINUTE,
        evaluations: 140,
        groups: 1,
        groupsLeftOut: false,
        windows: expect.objectContaining({ others: false }),
        rule: expect.anything(),
        firingMs: 16 * MINUTE,
        alerts: [
          {
            labels: {},
            severity: 'WARNING',
            pendingSince: BURST.from + 5 * MINUTE,
            firedAt: BURST.from + 5 * MINUTE,
            resolvedAt: BURST.from + 21 * MINUTE,
            resolution: 'RECOVERED',
            durationMs: 16 * MINUTE,
            value: 30,
            threshold: 24,
            worst: 30,
          },
        ],
        source: expect.objectContaining({
          kind: 'ROLLUP',
          grain: 'MINUTE',
          rowsRead: 20,
          reason: 'MINUTE cells of all rows',
        }),
      });
    });

    it('measures quantiles within 1 %', async () => {
      const question = { aggregate: 'QUANTILE', measure: 'latencyMs', quantile: 0.95 } as const;
      const { alerts } = await preview(ruleOf(question, { warning: 90 }, 'burst'), BURST);
      expect(alerts).toMatchObject([{ firedAt: BURST.from + MINUTE, value: expect.closeTo(100, 0) }]);
    });

    it('counts distinct values exactly, once per window', async () => {
      const question = { aggregate: 'COUNT_DISTINCT', measure: 'endUser' } as const;
      const range = { from: BURST.from - HOUR, to: BURST.to };
      // The 30 calls in five minutes come from all 25 users, and windows do not overlap.
      const found = await preview(ruleOf(question, { warning: 24 }, 'burst'), range);
      expect(found).toMatchObject({ step: 5 * MINUTE, evaluations: 16, source: { kind: 'RAW' } });
      expect(found.alerts).toMatchObject([
        { firedAt: BURST.from + 5 * MINUTE, resolvedAt: null, value: USERS, worst: USERS },
      ]);
      const scarce = await preview(ruleOf(question, { comparator: 'LT', critical: 1 }, 'burst'), range);
      expect(scarce.alerts).toMatchObject([{ value: 0, resolvedAt: BURST.from + 5 * MINUTE }]);
    });

    it('counts time with several open alerts once, and ends with the last evaluation', async () => {
      const question = { groupBy: ['endUser'], windowMs: HOUR };
      const range = { from: BURST.from, to: BURST.to + 30 * SECOND };
      const found = await preview(ruleOf(question, { warning: 4 }, 'burst'), range);
      expect(found).toMatchObject({ groups: 20, groupsLeftOut: true, range: BURST, evaluations: 20 });
      expect(found.alerts.length).toBe(20);
      const [first] = found.alerts;
      expect(first).toMatchObject({ labels: { endUser: 'user-0' }, resolvedAt: null, value: 5 });
      expect(found.firingMs).toBe(BURST.to - (first?.firedAt ?? 0));
      expect(found.alerts.at(-1)?.durationMs).toBeLessThan(found.firingMs);
    });

    it('evaluates nothing in the future', async () => {
      const rule = ruleOf({}, { comparator: 'LT', warning: 1 }, 'burst');
      const found = await preview(rule, { from: BURST.from, to: BURST.to + DAY }, BURST.to);
      expect(found).toMatchObject({ range: BURST, alerts: [] });
    });
  });

  it.each([
    ['shorter than a step', { from: NOON + SECOND, to: NOON + 2 * SECOND }, /every PT1M/],
    ['in the future', { from: NOON + 11 * DAY, to: NOON + 12 * DAY }, /up to now/],
    ['too long', { from: NOON - 300 * DAY, to: NOON }, /at most P35D/],
  ])('refuses a range that is %s', async (_, range, message) => {
    await expect(preview(ruleOf(), range)).rejects.toMatchObject({
      message: expect.stringMatching(message),
      details: { argument: 'range' },
    });
  });

  it('begins where retention still keeps all that the windows need', async () => {
    const gone = { making: new Map(), rows: NOON - 12 * HOUR - DAY, cells: minutesSince(NOON - 12 * HOUR) };
    const horizons = { known: async () => gone, read: async () => gone };
    const limited = { analytics: createAnalytics({ store: opened.store, horizons }), now: NOON };
    const { range } = await previewRule(limited, ruleOf(), { from: NOON - 3 * DAY, to: NOON });
    expect(range).toEqual({ from: gone.rows + 4 * MINUTE, to: NOON });
    const before = { from: NOON - 5 * DAY, to: NOON - 4 * DAY };
    expect(await previewRule(limited, ruleOf(), before)).toMatchObject({
      range: { from: before.to, to: before.to },
      evaluations: 0,
      alerts: [],
      firingMs: 0,
      source: { missing: [{ from: before.from }] },
    });
    await expect(previewRule(limited, ruleOf(), { ...before, exact: true })).rejects.toMatchObject({
      details: { argument: 'range' },
    });
  });
});
