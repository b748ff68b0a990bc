import { beforeAll, describe, expect, it } from 'vitest';
import type { ActivityPart } from '../../../src/commands/demo/activity.ts';
import { generateActivities, type TimedActivity } from '../../../src/commands/demo/generate.ts';
import { METRICS } from '../../../src/commands/demo/metric-catalog.ts';

const anchor = Date.parse('2026-11-22T17:23:45.678Z');
const MONTH_MS = 30 * 86_400_000;

describe('the diagrams of the generated month', () => {
  let activities: TimedActivity[];
  beforeAll(() => {
    activities = [...generateActivities({ seed: 1, scale: 0.25, anchor }, anchor - MONTH_MS, anchor)];
  });

  const events = (part: ActivityPart) => activities.flatMap(({ activity }) => activity[part]);

  it('come from one service, each with its request, its calls and their tokens', () => {
    const drawn = activities.filter(({ activity }) => activity.generations.length > 0);
    expect(drawn.length).toBeGreaterThan(500);
    for (const { activity } of drawn) {
      const [generation] = activity.generations;
      expect(activity.requestLogs[0]).toMatchObject({
        service: 'diagram-studio',
        requestId: generation?.requestId,
      });
      const tokens = activity.llmCalls
        .filter(({ cached }) => cached !== true)
        .reduce(
          (sum, { promptTokens, completionTokens }) => sum + Number(promptTokens) + Number(completionTokens),
          0,
        );
      expect(generation?.totalTokens).toBe(tokens);
    }
  });

  it('contain an architecture if they succeeded, and an error if they failed', () => {
    const generations = events('generations');
    const failed = generations.filter(({ errorType }) => errorType !== undefined);
    expect(failed.length / generations.length).toBeGreaterThan(0.02);
    expect(failed.length / generations.length).toBeLessThan(0.12);
    expect(failed.every(({ architecture }) => architecture === undefined)).toBe(true);
    const architectures = generations.flatMap(({ architecture }) => architecture ?? []);
    expect(architectures.length).toBe(generations.length - failed.length);
    expect(new Set(architectures.map((one) => JSON.stringify(one))).size).toBeGreaterThan(300);
  });

  it('come with usages of metrics that are in the catalog', () => {
    const usages = events('metricUsages');
    const known = new Set(METRICS.map(({ metricId }) => metricId));
    expect(new Set(usages.map(({ metricId }) => metricId))).toEqual(known);
    expect(usages.every(({ requestId }) => requestId === undefined)).toBe(true);
  });
});

describe('the catalog of the demo', () => {
  it('names each metric after the metrics from which it is computed', () => {
    const names = METRICS.map(({ metricId }) => metricId);
    expect(new Set(names).size).toBe(names.length);
    METRICS.forEach(({ dependencies }, index) => {
      const inside = dependencies.filter((name) => names.includes(name));
      expect(inside.every((name) => names.indexOf(name) < index)).toBe(true);
    });
    expect(METRICS.some(({ dependencies }) => dependencies.some((name) => names.includes(name)))).toBe(true);
  });
});
