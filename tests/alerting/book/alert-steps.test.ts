import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertsOf } from '../../domains/alerts/support/alerts.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const TAKEN_AT = '2026-11-22T12:01:00.000Z';
const NOW = '2026-11-22T12:05:00.000Z';
const MINUTE_MS = 60_000;

/** Brings alerts into each state: by ada, a minute after they were raised. */
const STATES = {
  OPEN: [],
  ACKNOWLEDGED: ['acknowledge'],
  RESOLVED: ['resolve'],
  'RESOLVED after it was taken': ['acknowledge', 'resolve'],
} as const;

const STEPS = {
  acknowledge: (alertId: string) => ['acknowledgeAlert', { alertId, acknowledgedBy: 'grace' }] as const,
  resolve: (alertId: string) => ['resolveAlert', { alertId, resolvedBy: 'grace' }] as const,
};

const TAKEN = { status: 'ACKNOWLEDGED', acknowledgedBy: 'grace', acknowledgedAt: NOW, resolvedAt: null };
const OVER = { status: 'RESOLVED', resolution: 'BY_HAND', resolvedBy: 'grace', resolvedAt: NOW };
const OVER_ALREADY =
  /it was resolved by ada at 2026-11-22T12:01:00.000Z, and a resolved alert does not change\.$/;

/** Every state and every step: the alert after it, or the message instead. */
const MACHINE: readonly (readonly [keyof typeof STATES, keyof typeof STEPS, object | RegExp])[] = [
  ['OPEN', 'acknowledge', TAKEN],
  ['OPEN', 'resolve', { ...OVER, acknowledgedBy: null, acknowledgedAt: null }],
  [
    'ACKNOWLEDGED',
    'acknowledge',
    /cannot be acknowledged: it was acknowledged by ada at 2026-11-22T12:01:00.000Z\.$/,
  ],
  ['ACKNOWLEDGED', 'resolve', { ...OVER, acknowledgedBy: 'ada', acknowledgedAt: TAKEN_AT }],
  ['RESOLVED', 'acknowledge', OVER_ALREADY],
  ['RESOLVED', 'resolve', OVER_ALREADY],
  ['RESOLVED after it was taken', 'acknowledge', OVER_ALREADY],
  ['RESOLVED after it was taken', 'resolve', OVER_ALREADY],
];

describeEachDatabase('steps of an alert', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('are all in the table', () => {
    expect(MACHINE).toHaveLength(Object.keys(STATES).length * Object.keys(STEPS).length);
  });

  describe.each(MACHINE)('%s, %s', (state, step, outcome) => {
    const alertId = `${state}-${step}`;
    const [mutation, input] = STEPS[step](alertId);

    it(outcome instanceof RegExp ? 'is a conflict' : 'is taken', async () => {
      const { clock } = graphql;
      const alerts = alertsOf(graphql);
      clock.set(Date.parse('2026-11-22T12:00:00.000Z'));
      await alerts.raise(alertId);
      clock.advance(MINUTE_MS);
      for (const before of STATES[state]) await alerts[before](alertId);
      clock.advance(4 * MINUTE_MS);
      const before = await alerts.find(alertId);
      if (outcome instanceof RegExp) {
        expect(await alerts.refuse(mutation, input)).toEqual({
          message: expect.stringMatching(outcome),
          extensions: { code: 'CONFLICT', argument: 'input.alertId', status: before.status },
        });
        expect(await alerts.find(alertId)).toEqual(before);
      } else {
        const { alert } = await alerts[step](alertId, 'grace');
        expect(alert).toEqual({ ...before, ...outcome, updatedAt: NOW });
        expect(await alerts.find(alertId)).toEqual(alert);
      }
    });
  });

  it.each(['acknowledgeAlert', 'resolveAlert'] as const)(
    '%s is NOT_FOUND for an alert that does not exist',
    async (mutation) => {
      await alertsOf(graphql, 'another-project').raise('theirs');
      const by = mutation === 'resolveAlert' ? 'resolvedBy' : 'acknowledgedBy';
      for (const alertId of ['theirs', 'nothing', '']) {
        expect(await alertsOf(graphql).refuse(mutation, { alertId, [by]: 'ada' })).toEqual({
          message: `There is no alert "${alertId}".`,
          extensions: { code: 'NOT_FOUND', argument: 'input.alertId' },
        });
      }
    },
  );

  it.each([
    ['acknowledgeAlert', 'acknowledgedBy'],
    ['resolveAlert', 'resolvedBy'],
  ] as const)('%s needs the name of a person', async (mutation, field) => {
    await alertsOf(graphql).raise('named');
    for (const name of ['', ' \n', 'x'.repeat(201), 'a\0', '\ud800']) {
      const refused = await alertsOf(graphql).refuse(mutation, { alertId: 'named', [field]: name });
      expect(refused.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: `input.${field}` });
    }
    for (const alertId of ['named\0', '\ud800']) {
      const refused = await alertsOf(graphql).refuse(mutation, { alertId, [field]: 'ada' });
      expect(refused.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'input.alertId' });
    }
    expect(await alertsOf(graphql).find('named')).toMatchObject({ status: 'OPEN' });
  });
});
