import { beforeAll, describe, expect, it } from 'vitest';
import type { Activity, ActivityPart } from '../../../src/commands/demo/activity.ts';
import { INCIDENT_PROVIDER } from '../../../src/commands/demo/catalog.ts';
import {
  anchorOf,
  createLiveGenerator,
  generateActivities,
  type TimedActivity,
} from '../../../src/commands/demo/generate.ts';
import { createRandom } from '../../../src/commands/demo/random.ts';
import { incidentOf, isLiveIncident, type MonthOptions } from '../../../src/commands/demo/rhythm.ts';
import { createPriceBook } from '../../../src/prices/price-book.ts';
import { NO_TOKENS } from '../../prices/support/no-tokens.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A Sunday afternoon. */
const anchor = Date.parse('2026-11-22T17:23:45.678Z');
const full: MonthOptions = { seed: 1, scale: 1, anchor };
/** A quarter of the traffic shows the same shapes in a quarter of the time. */
const month: MonthOptions = { ...full, scale: 0.25 };
const monthStart = anchor - 30 * DAY_MS;

type Call = Record<string, unknown> & {
  provider: string;
  model: string;
  success?: boolean;
  latencyMs: number;
};

function generate(options: MonthOptions, from: number, to: number): TimedActivity[] {
  return [...generateActivities(options, from, to)];
}

function events(activities: readonly TimedActivity[], part: ActivityPart) {
  return activities.flatMap(({ activity }) => activity[part]);
}

const calls = (activities: readonly TimedActivity[]) => events(activities, 'llmCalls') as Call[];

describe('the generated month', () => {
  let activities: TimedActivity[];
  beforeAll(() => {
    activities = generate(month, monthStart, anchor);
  });

  const between = (from: number, to: number) =>
    activities.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const perHour = (from: number, to: number) => (between(from, to).length / (to - from)) * HOUR_MS;

  it('has, at full scale, about 200,000 calls and the events that belong to them', () => {
    const atFullScale = (part: ActivityPart) => events(activities, part).length / month.scale;
    expect(atFullScale('llmCalls')).toBeGreaterThan(190_000);
    expect(atFullScale('llmCalls')).toBeLessThan(210_000);
    expect(atFullScale('requestLogs')).toBeGreaterThan(120_000);
    expect(atFullScale('techniqueUsages')).toBeGreaterThan(20_000);
    expect(atFullScale('errorLogs')).toBeGreaterThan(2000);
  });

  it('is in time order, within its range, and has unique ids', () => {
    const ids = new Set<unknown>();
    let count = 0;
    let before = monthStart - 60_000;
    for (const { startedAt, activity } of activities) {
      if (startedAt < before || startedAt >= anchor) expect.fail(`${startedAt} after ${before}`);
      before = startedAt;
      for (const event of [...activity.llmCalls, ...activity.techniqueUsages, ...activity.errorLogs]) {
        ids.add(event.id);
        count++;
      }
    }
    expect(ids.size).toBe(count);
    expect(new Set(events(activities, 'requestLogs').map(({ requestId }) => requestId)).size).toBe(
      activities.length,
    );
  });

  it('keeps events of one requestId inside the time of the request', () => {
    for (const { activity, startedAt } of activities.slice(0, 1000)) {
      const [request] = activity.requestLogs;
      const end = startedAt + (request?.latencyMs as number);
      for (const event of [...activity.llmCalls, ...activity.techniqueUsages, ...activity.errorLogs]) {
        expect(event.requestId).toBe(request?.requestId);
        expect(Date.parse(event.timestamp as string)).toBeGreaterThanOrEqual(startedAt);
        expect(Date.parse(event.timestamp as string)).toBeLessThanOrEqual(end);
      }
    }
  });

  it('follows day and night, weekdays and weekends', () => {
    const wednesday = Date.parse('2026-11-18T00:00:00Z');
    const saturday = Date.parse('2026-11-21T00:00:00Z');
    const atWork = perHour(wednesday + 10 * HOUR_MS, wednesday + 16 * HOUR_MS);
    const office = (from: number) =>
      between(from, from + DAY_MS).filter(
        ({ activity }) => activity.requestLogs[0]?.service === 'code-review',
      ).length;
    expect(atWork).toBeGreaterThan(2.5 * perHour(wednesday + 4 * HOUR_MS, wednesday + 6 * HOUR_MS));
    expect(office(wednesday)).toBeGreaterThan(3 * office(saturday));
    const jobs = activities.filter(
      ({ activity }) => activity.requestLogs[0]?.service === 'nightly-classifier',
    );
    expect(jobs.length).toBeGreaterThan(3000);
    expect(jobs.every(({ startedAt }) => [1, 2, 3].includes(new Date(startedAt).getUTCHours()))).toBe(true);
  });

  it('grows', () => {
    const week = (index: number) =>
      between(monthStart + index * 7 * DAY_MS, monthStart + (index + 1) * 7 * DAY_MS).length;
    expect(week(3) / week(0)).toBeGreaterThan(1.08);
    expect(week(3) / week(0)).toBeLessThan(1.25);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])(
    'has an incident that its rule rates as critical, if begun %i days later',
    (days) => {
      const options = { ...full, anchor: anchor + days * DAY_MS };
      const { from, to } = incidentOf(options);
      expect(options.anchor - to).toBeLessThan(7 * DAY_MS);
      expect([0, 6]).not.toContain(new Date(from).getUTCDay());
      const hit = calls(generate(options, from, to)).filter(({ provider }) => provider === INCIDENT_PROVIDER);
      // The rule needs more than one call in two minutes, and clearly more calls fail than the
      // critical threshold requires.
      expect(hit.length).toBeGreaterThan(300);
      expect(hit.filter(({ success }) => success === false).length / hit.length).toBeGreaterThan(0.42);
    },
  );

  it('has an incident at one provider for two hours six days ago, and a normal day elsewhere', () => {
    const { from, to } = incidentOf(month);
    expect(new Date(from).toISOString()).toBe('2026-11-16T14:00:00.000Z');
    expect(to - from).toBe(2 * HOUR_MS);
    const measure = (begin: number, end: number, hit: boolean) => {
      const some = calls(between(begin, end)).filter(
        ({ provider, cached }) => (provider === INCIDENT_PROVIDER) === hit && cached !== true,
      );
      const good = some.filter(({ success }) => success).map(({ latencyMs }) => latencyMs);
      return {
        count: some.length,
        errorRate: some.filter(({ success }) => success === false).length / some.length,
        latencyMs: good.reduce((sum, value) => sum + value, 0) / good.length,
      };
    };
    const during = measure(from, to, true);
    const before = measure(from - DAY_MS, from, true);
    expect(during.count).toBeGreaterThan(60);
    expect(during.errorRate).toBeGreaterThan(0.3);
    expect(before.errorRate).toBeLessThan(0.04);
    expect(during.latencyMs).toBeGreaterThan(2.5 * before.latencyMs);
    expect(measure(from, to, false).errorRate).toBeLessThan(0.05);
    expect(measure(to, to + 2 * HOUR_MS, true).errorRate).toBeLessThan(0.05);
  });

  it('has retries, answers from the cache, and streaming', () => {
    const all = calls(activities);
    const share = (matches: (call: Call) => boolean) => all.filter(matches).length / all.length;
    expect(
      share(({ attributes }) => (attributes as { attempt?: number } | undefined)?.attempt === 2),
    ).toBeGreaterThan(0.002);
    expect(share(({ cached }) => cached === true)).toBeGreaterThan(0.05);
    expect(
      all.filter(({ cached }) => cached).every(({ cost, latencyMs }) => cost === 0 && latencyMs < 100),
    ).toBe(true);
    expect(share(({ cachedPromptTokens }) => cachedPromptTokens !== undefined)).toBeGreaterThan(0.1);
    for (const part of ['cacheWritePromptTokens', 'reasoningTokens', 'toolCallCount'])
      expect(
        share((call) => call[part] !== undefined),
        part,
      ).toBeGreaterThan(0.005);
    expect(share(({ serviceTier }) => serviceTier === 'BATCH')).toBeGreaterThan(0.005);
    expect(share(({ sessionId }) => sessionId !== undefined)).toBeGreaterThan(0.5);
    expect(new Set(all.map(({ tags }) => (tags as { team?: string } | undefined)?.team)).size).toBe(5);
    const streamed = all.filter(({ timeToFirstTokenMs }) => timeToFirstTokenMs !== undefined);
    expect(streamed.length / all.length).toBeGreaterThan(0.2);
    expect(
      streamed.every(
        ({ streaming, timeToFirstTokenMs, timeToLastTokenMs, latencyMs }) =>
          streaming &&
          (timeToFirstTokenMs as number) <= (timeToLastTokenMs as number) &&
          timeToLastTokenMs === latencyMs,
      ),
    ).toBe(true);
  });

  it('has end users with a long tail', () => {
    const perUser = new Map<unknown, number>();
    for (const { endUser } of calls(activities)) {
      if (endUser !== undefined) perUser.set(endUser, (perUser.get(endUser) ?? 0) + 1);
    }
    const counts = [...perUser.values()].sort((one, other) => other - one);
    const sum = counts.reduce((total, count) => total + count, 0);
    expect(counts.length).toBeGreaterThan(1500);
    expect(counts.slice(0, 25).reduce((total, count) => total + count, 0) / sum).toBeGreaterThan(0.3);
  });

  it('has a technique suite that works badly at high potency, and others that do not', () => {
    const successRate = (suite: string, from: number, to: number) => {
      const uses = events(activities, 'techniqueUsages').filter(
        ({ techniqueSuite, potencyLevel }) =>
          techniqueSuite === suite && (potencyLevel as number) >= from && (potencyLevel as number) <= to,
      );
      expect(uses.length).toBeGreaterThan(25);
      return uses.filter(({ success }) => success).length / uses.length;
    };
    expect(successRate('role-play', 8, 10)).toBeLessThan(0.5);
    expect(successRate('role-play', 1, 5)).toBeGreaterThan(0.85);
    expect(successRate('few-shot', 8, 10)).toBeGreaterThan(0.85);
  });

  it('prices every model except the in-house one', () => {
    const book = createPriceBook();
    const priced = (provider: string, model: string) =>
      book.priceCall({
        projectId: 'default',
        provider,
        model,
        serviceTier: null,
        ...NO_TOKENS,
        promptTokens: 10,
        totalTokens: 10,
        timestamp: anchor,
      });
    const models = new Map(calls(activities).map((call) => [`${call.provider}/${call.model}`, call]));
    expect(models.size).toBeGreaterThanOrEqual(9);
    for (const [name, { provider, model }] of models) {
      const price = priced(provider, model);
      if (name === 'in-house/support-tuned-7b') expect(price).toBe('NO_PRICE');
      else expect(price, name).toBeGreaterThan(0);
    }
  });
});

describe('repetition', () => {
  const from = Date.parse('2026-11-16T15:58:30Z');
  const to = from + 4 * 60_000;

  it('the same seed gives the same events, wherever the generation starts', () => {
    const whole = generate(full, from - HOUR_MS, to).filter(({ startedAt }) => startedAt >= from);
    const part = generate(full, from, to).filter(({ startedAt }) => startedAt >= from);
    expect(part.length).toBeGreaterThan(10);
    expect(part).toEqual(whole);
  });

  it('another seed or another anchor gives others', () => {
    const ids = (options: MonthOptions) =>
      events(generate(options, from, to), 'llmCalls').map(({ id }) => id);
    const known = new Set(ids(full));
    expect(ids({ ...full, seed: 2 }).some((id) => known.has(id))).toBe(false);
    expect(ids({ ...full, anchor: anchor + HOUR_MS }).some((id) => known.has(id))).toBe(false);
  });

  it('another scale gives another number of events', () => {
    const size = (scale: number) => generate({ ...full, scale }, from - 10 * HOUR_MS, from).length;
    expect(size(0.1) / size(1)).toBeGreaterThan(0.07);
    expect(size(0.1) / size(1)).toBeLessThan(0.13);
  });
});

describe('a live request', () => {
  it('begins at the instant, ends when its log says, and names the anchor', () => {
    const random = createRandom(7);
    const { startedAt, endsAt, activity } = createLiveGenerator(random, full)(anchor + 1234, false);
    const [request] = (activity as Activity).requestLogs;
    expect(startedAt).toBe(anchor + 1234);
    expect(endsAt).toBe(startedAt + (request?.latencyMs as number));
    expect(Date.parse(request?.timestamp as string)).toBe(startedAt);
    expect(anchorOf(request?.requestId as string)).toBe(anchor);
  });

  it('fails more often in an incident', () => {
    const failures = (incident: boolean) => {
      const random = createRandom(11);
      const generate = createLiveGenerator(random, full);
      const calls = Array.from({ length: 400 }, () => generate(anchor, incident))
        .flatMap(({ activity }) => (activity as Activity).llmCalls as Call[])
        .filter(({ provider }) => provider === INCIDENT_PROVIDER);
      return calls.filter(({ errorType }) => errorType !== undefined).length / calls.length;
    };
    expect(failures(false)).toBeLessThan(0.1);
    expect(failures(true)).toBeGreaterThan(0.3);
  });

  it.each([
    [0, false],
    [59_999, false],
    [60_000, true],
    [239_999, true],
    [240_000, false],
    [659_999, false],
    [660_000, true],
  ])('%i ms after the live events began: in an incident: %s', (after, incident) => {
    expect(isLiveIncident(anchor, anchor + after)).toBe(incident);
  });

  it.each(['', 'req-1', 'demo-x', 'demo-abc-def-ghi'])('no anchor in %j', (requestId) => {
    expect(anchorOf(requestId)).toBeNull();
  });
});
