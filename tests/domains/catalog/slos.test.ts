import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { CHECKOUT, SLO, slosOf } from './support/slos.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NUMBERS = 'events good bad compliance allowedBad budgetConsumed budgetRemaining';
const BURN_RATES = 'hour: burnRate(over: "PT1H") sixHours: burnRate(over: "PT6H")';

describeEachDatabase('SLOs', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  describe('the status', () => {
    test('is computed from the events of the window', async () => {
      const slos = slosOf(graphql, 'computed');
      await slos.record(600, 3, 20 * DAY);
      await slos.record(150, 1, 3 * HOUR);
      await slos.record(50, 2, 30 * MINUTE);
      // These belong to another endpoint, or happened before the window.
      await slos.record(10, 10, HOUR, { endpoint: '/search' });
      await slos.record(10, 10, 28 * DAY + MINUTE);
      expect(await slos.change('createSlo', CHECKOUT)).toEqual({
        ...CHECKOUT,
        ...{ description: null, metricId: null, good: null, window: 'P28D' },
      });
      expect(
        await slos.status(`range { from to } ${NUMBERS} ${BURN_RATES} source { range { from } }`),
      ).toEqual({
        range: { from: '2026-10-25T12:00:00.000Z', to: '2026-11-22T12:00:00.000Z' },
        ...{ events: 800, good: 794, bad: 6, compliance: 0.9925 },
        ...{ allowedBad: 8, budgetConsumed: 0.75, budgetRemaining: 0.25 },
        // 2 of 50, and 3 of 200, each divided by 1 %.
        ...{ hour: 4, sixHours: 1.5 },
        source: { range: { from: '2026-10-25T12:00:00.000Z' } },
      });
      const { series } = await slos.status(
        'series(grain: WEEK) { start events bad burnRate budgetRemaining }',
      );
      expect(series).toEqual([
        { start: '2026-10-19T00:00:00.000Z', events: 0, bad: 0, burnRate: null, budgetRemaining: 1 },
        { start: '2026-10-26T00:00:00.000Z', events: 0, bad: 0, burnRate: null, budgetRemaining: 1 },
        { start: '2026-11-02T00:00:00.000Z', events: 600, bad: 3, burnRate: 0.5, budgetRemaining: 0.625 },
        { start: '2026-11-09T00:00:00.000Z', events: 0, bad: 0, burnRate: null, budgetRemaining: 0.625 },
        { start: '2026-11-16T00:00:00.000Z', events: 200, bad: 3, burnRate: 1.5, budgetRemaining: 0.25 },
      ]);
    });

    test('counts events as good if they match the filter, and as bad if a value is missing', async () => {
      const slos = slosOf(graphql, 'fast');
      await slos.record(6, 6, HOUR, { latencyMs: 800, service: 'shop' });
      await slos.record(3, 0, HOUR, { latencyMs: 801, service: 'shop' });
      await slos.record(1, 0, HOUR, { latencyMs: 100 });
      const good = { latencyMs: { lte: 800 }, service: { startsWith: 'sh' } };
      await slos.change('createSlo', { ...CHECKOUT, good, objective: 0.5 });
      expect(await slos.status(`${NUMBERS} ${BURN_RATES} series(grain: MONTH) { good bad }`)).toMatchObject({
        ...{ events: 10, good: 6, bad: 4, compliance: 0.6, allowedBad: 5 },
        ...{ hour: 0.8, sixHours: 0.8 },
        series: [expect.anything(), { good: 6, bad: 4 }],
      });
    });

    test('is null without events, not 100 %, and counts an event that arrives late', async () => {
      const slos = slosOf(graphql, 'late');
      await slos.change('createSlo', CHECKOUT);
      const unknown = { compliance: null, budgetConsumed: null, budgetRemaining: null };
      const nothing = { events: 0, good: 0, bad: 0, allowedBad: 0, ...unknown, hour: null, sixHours: null };
      expect(await slos.status(`${NUMBERS} ${BURN_RATES}`)).toEqual(nothing);
      expect((await slos.status('series { budgetRemaining }')).series[0]).toEqual({ budgetRemaining: null });
      await slos.record(4, 1, 27 * DAY);
      expect(await slos.status(`${NUMBERS} ${BURN_RATES}`)).toMatchObject({
        ...{ events: 4, bad: 1, compliance: 0.75, budgetConsumed: 25, hour: null, sixHours: null },
      });
    });

    test('of many SLOs needs a statement for each distinct question, and costs as much as a page allows', async () => {
      const slos = slosOf(graphql, 'many');
      await slos.record(10, 1, 2 * HOUR);
      const create = (sloId: string) => slos.change('createSlo', { ...CHECKOUT, sloId });
      for (let number = 1; number <= 20; number++) await create(`slo-${number}`);
      const statementsOf = async (first: number) => {
        const source = `{ slos(first: ${first}) { nodes { status { ${NUMBERS} ${BURN_RATES} } } } }`;
        return graphql.countStatements(async () => {
          const { slos: page } = await graphql.data(source, {}, 'many');
          expect(page.nodes).toHaveLength(first);
          for (const { status } of page.nodes) expect(status).toMatchObject({ bad: 1, sixHours: 10 });
        });
      };
      const [one, all] = [await statementsOf(1), await statementsOf(20)];
      // The page itself needs as many statements for one SLO as for twenty.
      expect(all).toBeLessThan(20 * one);
      const whole = await graphql.run(
        `{ slos { nodes { status { ${NUMBERS} ${BURN_RATES} } } } }`,
        {},
        'many',
      );
      expect(whole.errors).toBeUndefined();
    });

    test('refuses an empty window at its argument', async () => {
      const slos = slosOf(graphql, 'refused');
      await slos.change('createSlo', CHECKOUT);
      const { errors } = await graphql.run(
        '{ slo(sloId: "checkout") { status { burnRate(over: "PT0S") } } }',
        {},
        'refused',
      );
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument: 'over' });
    });
  });

  describe('mutations', () => {
    test.each([
      [{ objective: 1 }, 'objective', /at most 0\.999999999, such as 0\.999 for 99\.9 %, not 1\./],
      [{ objective: 0 }, 'objective', /above 0/],
      [{ objective: 99.9 }, 'objective', /not 99\.9: for 99\.9 %, give 0\.999\./],
      [{ objective: -0.5 }, 'objective', /0/],
      [{ dataset: 'gone' }, 'dataset', /^There is no dataset "gone"\. There are requestLogs, /],
      [{ dataset: 'healthSamples', filter: null }, 'good', /healthSamples does not record whether/],
      [{ filter: { speed: { eq: 1 } } }, 'filter.speed', /no field speed/],
      [{ good: { speed: { eq: 1 } } }, 'good.speed', /no field speed/],
      [{ good: {} }, 'good', /`good` matches every event/],
      [{ window: 'PT1M' }, 'window', /window/],
      [{ name: ' ' }, 'name', /name/],
      [{ sloId: 'Check out' }, 'sloId', /slug such as "checkout-availability"/],
    ])('createSlo refuses %j', async (wrong, argument, message) => {
      const slos = slosOf(graphql, 'refusals');
      expect(await slos.refuse('createSlo', { ...CHECKOUT, ...wrong })).toMatchObject({
        ...{ code: 'BAD_USER_INPUT', argument: `input.${argument}` },
        message: expect.stringMatching(message),
      });
      expect(await graphql.data('{ slos { totalCount } }', {}, 'refusals')).toEqual({
        slos: { totalCount: 0 },
      });
    });

    test('change and delete an SLO; its dataset stays', async () => {
      const slos = slosOf(graphql, 'changed');
      const created = await slos.change('createSlo', CHECKOUT);
      const conflict = await slos.refuse('createSlo', CHECKOUT);
      expect(conflict).toMatchObject({ code: 'CONFLICT', current: { sloId: 'checkout', objective: 0.99 } });
      const wanted = { objective: 0.95, good: { statusCode: { lt: 500 } }, window: 'P7D', filter: null };
      expect(await slos.change('updateSlo', { sloId: 'checkout', ...wanted })).toEqual({
        ...created,
        ...wanted,
      });
      const updatedAt = async () =>
        (await graphql.data('{ slo(sloId: "checkout") { updatedAt } }', {}, 'changed')).slo.updatedAt;
      const before = await updatedAt();
      graphql.clock.advance(1);
      await slos.change('updateSlo', { sloId: 'checkout', ...wanted, window: 'PT168H' });
      expect(await updatedAt()).toBe(before);
      expect(await slos.refuse('updateSlo', { sloId: 'checkout', objective: 1 })).toMatchObject({
        argument: 'input.objective',
      });
      const { errors } = await graphql.run(
        'mutation { updateSlo(input: { sloId: "checkout", dataset: "llmCalls" }) { slo { sloId } } }',
        {},
        'changed',
      );
      expect(errors?.[0]?.message).toMatch(/"dataset" is not defined by type "UpdateSloInput"/);
      expect(await slos.change('deleteSlo', { sloId: 'checkout' })).toMatchObject(wanted);
      for (const mutation of ['updateSlo', 'deleteSlo'] as const)
        expect(await slos.refuse(mutation, { sloId: 'checkout' })).toMatchObject({ code: 'NOT_FOUND' });
    });
  });

  test('belong to their project, and to a metric of its catalog', async () => {
    const mine = slosOf(graphql, 'mine');
    const theirs = slosOf(graphql, 'theirs');
    await theirs.record(10, 5, HOUR);
    await mine.record(10, 1, HOUR);
    await theirs.change('createSlo', { ...CHECKOUT, sloId: 'only-theirs' });
    await theirs.change('createSlo', { ...CHECKOUT, name: 'Theirs' });
    await mine.change('createSlo', { ...CHECKOUT, metricId: 'orders' });
    expect(await mine.status('bad')).toEqual({ bad: 1 });
    expect(await theirs.status('bad')).toEqual({ bad: 5 });
    const create =
      'mutation { createMetric(input: { metricId: "orders", name: "Orders" }) { metric { id } } }';
    const relations = `{
      slos { nodes { ${SLO} metric { name } } }
      slo(sloId: "only-theirs") { sloId }
      metric(metricId: "orders") { slos { nodes { name } } }
    }`;
    const before = await graphql.data(relations, {}, 'mine');
    expect(before).toMatchObject({ slos: { nodes: [{ metric: null }] }, slo: null, metric: null });
    await graphql.data(create, {}, 'theirs');
    await graphql.data(create, {}, 'mine');
    const { slos, metric } = await graphql.data(relations, {}, 'mine');
    expect(slos.nodes).toMatchObject([{ ...CHECKOUT, metric: { name: 'Orders' } }]);
    expect(metric).toEqual({ slos: { nodes: [{ name: CHECKOUT.name }] } });
    expect(await mine.refuse('deleteSlo', { sloId: 'only-theirs' })).toMatchObject({ code: 'NOT_FOUND' });
  });
});
