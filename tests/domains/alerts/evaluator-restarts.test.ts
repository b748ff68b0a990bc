import { expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { llmCall } from '../../support/events.ts';
import { startGraphQL } from '../../support/graphql.ts';
import { alertRulesOf } from './support/alert-rules.ts';
import { startEvaluation } from './support/evaluation.ts';
import { EVERYBODY } from './support/webhook.ts';

const MINUTE = 60_000;
const STEPS = 16;
/** Its steps raise and end alerts in every way. */
const SEED = 8;
const CALLS = { dataset: 'llmCalls', window: 'PT10M' };
const RULES = [
  {
    ...CALLS,
    ruleId: 'busy',
    name: 'Busy',
    aggregate: 'COUNT',
    comparator: 'GT',
    warning: 4,
    critical: 9,
    for: 'PT2M',
    recoverAfter: 'PT2M',
    renotify: 'PT5M',
  },
  {
    ...CALLS,
    ruleId: 'slow',
    name: 'Slow',
    aggregate: 'MAX',
    measure: 'latencyMs',
    comparator: 'GTE',
    warning: 50,
    critical: 90,
    groupBy: ['endUser'],
    absent: 'KEEP',
    renotify: 'PT3M',
  },
  {
    ...CALLS,
    ruleId: 'silent',
    name: 'Silent',
    aggregate: 'COUNT',
    comparator: 'LT',
    warning: 1,
    groupBy: ['endUser'],
    for: 'PT1M',
  },
];

interface Step {
  readonly minutes: number;
  readonly calls: readonly { readonly endUser: string; readonly latencyMs: number }[];
  /** The actions of a person, and the open alert to which each applies. */
  readonly hand: 'acknowledge' | 'resolve' | null;
  readonly whose: number;
  readonly restart: boolean;
}

/** Numbers from 0 to 1 that look random and are the same in each run: mulberry32. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function makeSteps(seed: number): Step[] {
  const next = random(seed);
  const upTo = (most: number) => Math.floor(next() * (most + 1));
  return Array.from({ length: STEPS }, () => ({
    minutes: 1 + upTo(3),
    calls: Array.from({ length: next() < 0.5 ? 0 : upTo(4) }, () => ({
      endUser: ['ann', 'bob', 'eve'][upTo(2)] as string,
      latencyMs: upTo(100),
    })),
    hand: next() < 0.15 ? 'acknowledge' : next() < 0.15 ? 'resolve' : null,
    whose: upTo(100),
    restart: next() < 0.4,
  }));
}

const bySequence = (one: { sequence: number }, other: { sequence: number }) => one.sequence - other.sequence;

describeEachDatabase('restarts of the evaluator', (database) => {
  /** All alerts that the steps raise, and the deliveries to webhooks, in their order. */
  async function play(steps: readonly Step[], restarts: boolean) {
    await using graphql = await startGraphQL(database);
    const rules = alertRulesOf(graphql.run);
    for (const rule of RULES) await rules.change('createAlertRule', rule);
    await graphql.services.store.prisma.webhook.create({ data: EVERYBODY });
    let evaluation = startEvaluation(graphql);
    for (const { minutes, calls, hand, whose, restart } of steps) {
      // Rules are evaluated at least once a minute: at each step, with and without a restart.
      graphql.clock.advance(minutes * MINUTE);
      const timestamp = new Date(graphql.clock.now() - 1).toISOString();
      const input = calls.map((fields) => llmCall({ timestamp, ...fields }));
      await graphql.data(
        `mutation ($input: [LlmCallInput!]!) { recordLlmCalls(input: $input) { accepted } }`,
        { input },
      );
      const open = (await rules.alerts('alertId sequence', { status: { eq: 'OPEN' } })).sort(bySequence);
      const taken = open[whose % open.length];
      if (taken !== undefined && hand !== null)
        await graphql.services.alerting.alertBook.change('default', async (writer) => {
          await (hand === 'resolve'
            ? writer.resolve(taken.alertId, 'BY_HAND', 'ann')
            : writer.acknowledge(taken.alertId, 'ann'));
        });
      if (restart && restarts) {
        await evaluation.stop();
        evaluation = startEvaluation(graphql);
      }
      await evaluation.turn();
    }
    await evaluation.stop();
    expect(evaluation.log).toEqual([]);
    const alerts = await rules.alerts(
      'sequence ruleId labels severity status resolution value threshold message raisedAt resolvedAt',
    );
    const deliveries = await graphql.services.store.prisma.alertDelivery.groupBy({
      by: ['event'],
      _count: true,
    });
    return {
      alerts: alerts.sort(bySequence),
      deliveries: Object.fromEntries(deliveries.map(({ event, _count }) => [event, _count])),
    };
  }

  test('change nothing: no alert is lost, and none is raised twice', async () => {
    const steps = makeSteps(SEED);
    const steady = await play(steps, false);
    const restarted = await play(steps, true);
    expect(restarted).toEqual(steady);
    // With fewer alerts, the test would prove little.
    expect(new Set(steady.alerts.map(({ ruleId }) => ruleId)).size).toBe(RULES.length);
    const resolutions = new Set(steady.alerts.map(({ resolution }) => resolution));
    expect(resolutions).toEqual(new Set([null, 'RECOVERED', 'ESCALATED', 'BY_HAND']));
    expect(steady.deliveries['REMINDED']).toBeGreaterThan(0);
    // A group has at most one open alert.
    const open = steady.alerts.filter(({ status }) => status !== 'RESOLVED');
    expect(new Set(open.map(({ ruleId, labels }) => JSON.stringify([ruleId, labels]))).size).toBe(
      open.length,
    );
  });
});
