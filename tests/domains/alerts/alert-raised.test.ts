import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AlertBook, createAlertBook } from '../../../src/alerting/book/alert-book.ts';
import { batchesOf } from '../../../src/core/batches.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { uuidOf } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { createTurns } from '../../support/turns.ts';
import { ALERT, alertsOf, DRAFT, idsOf, type Stream, subscriptionTo, take } from './support/alerts.ts';

describeEachDatabase('subscriptions to alerts', (database) => {
  let graphql: TestGraphQL;
  let turns: ReturnType<typeof createTurns>;
  /** Each test has its own, on one database. */
  let project: string;
  let tests = 0;
  const streams: Stream[] = [];
  // Polls for alerts of other instances happen when the test says so.
  const pause = () => turns.pause();

  beforeAll(async () => {
    graphql = await startGraphQL(database, {
      replace: (services) => ({
        alerting: { ...services.alerting, alertBook: createAlertBook({ ...services, pause }) },
      }),
    });
  });
  afterAll(() => graphql[Symbol.asyncDispose]());
  beforeEach(() => {
    turns = createTurns();
    project = `project-${++tests}`;
  });
  afterEach(async () => {
    for (const stream of streams.splice(0)) await stream.return?.();
    if (watched()) await turns.pass(1);
    await expect.poll(watched).toBe(false);
  });

  const watched = () => graphql.services.live.hasSubscribers('alerts.changed');
  const subscribe = async (source: string, projectId = project) => {
    const stream = await graphql.subscribe(source, {}, projectId);
    streams.push(stream);
    return stream;
  };
  const raised = subscriptionTo(subscribe, 'alertRaised', 'alertId');
  const changed = subscriptionTo(subscribe, 'alertChanged', 'alertId status');
  const ours = () => alertsOf(graphql, project);
  const theirs = () => alertsOf(graphql, `${project}-of-others`);

  describe('alertRaised', () => {
    it('sends each alert of the project that is raised from now on, once, with the fields of the query', async () => {
      const { raise, acknowledge, find } = ours();
      await raise('before');
      const stream = await raised('', ALERT);
      await theirs().raise('theirs');
      await raise('a', { metadata: { a: [1] }, message: 'Look.' });
      await raise('a');
      await acknowledge('before');
      await raise('b', { raisedAt: '2026-01-01T00:00:00.000Z' });
      const [a, b] = await take(stream, 2);
      expect(a).toEqual(await find('a'));
      expect(b).toEqual(await find('b'));
    });

    it.each(['id', 'uuid'])('continues after the alert whose %s is given', async (field) => {
      const { raise, resolve } = ours();
      const ids = [];
      for (const alertId of ['a', 'b', 'c']) ids.push((await raise(alertId)).alert[field]);
      await resolve('b');
      await raise('d');
      const stream = await raised(`(since: "${ids[0]}")`);
      expect(idsOf(await take(stream, 3))).toEqual(['b', 'c', 'd']);
      await raise('e');
      expect(idsOf(await take(stream, 1))).toEqual(['e']);
      const last = await raised(`(since: "${(await ours().find('e'))[field]}")`);
      await raise('f');
      expect(idsOf(await take(last, 1))).toEqual(['f']);
      expect(idsOf(await take(stream, 1))).toEqual(['f']);
    });

    it('combines severities and types, after an alert that matches neither', async () => {
      const { raise } = ours();
      const { alert: other } = await raise('other', { type: 'AGENT', severity: 'INFO' });
      const streams = [
        await raised(`(minSeverity: ERROR, types: [COST, TASK], since: "${other.id}")`),
        await raised('(minSeverity: ERROR, types: [COST, TASK])'),
      ];
      for (const type of ['AGENT', 'TASK', 'SYSTEM', 'PERFORMANCE', 'COST']) {
        for (const severity of ['INFO', 'WARNING', 'ERROR', 'CRITICAL']) {
          await raise(`${type} ${severity}`, { type, severity });
        }
      }
      for (const stream of streams) {
        expect(idsOf(await take(stream, 4))).toEqual([
          'TASK ERROR',
          'TASK CRITICAL',
          'COST ERROR',
          'COST CRITICAL',
        ]);
      }
    });

    it('sends nothing for an empty list of types, as filters do', async () => {
      const stream = await raised('(types: [])');
      const sentinel = await raised();
      let isDelivered = false;
      void stream.next().then(({ done }) => (isDelivered = !done));
      await ours().raise('a');
      await take(sentinel, 1);
      expect(isDelivered).toBe(false);
    });

    it('waits for a slow subscriber, and reads alerts in pages when the subscriber asks', async () => {
      const stream = await raised();
      const alertIds = Array.from({ length: 230 }, (_, index) => `alert-${index}`);
      const eager = await raised();
      for (const some of batchesOf(alertIds, 23)) {
        await graphql.services.alerting.alertBook.change(project, async (writer) => {
          for (const alertId of some) await writer.raise({ ...DRAFT, alertId });
        });
      }
      // Now both have received the last position.
      await take(eager, 230);
      const read = (count: number) => {
        let ids: unknown[] = [];
        const work = async () => {
          ids = idsOf(await take(stream, count));
        };
        return graphql.countStatements(work).then((statements) => ({ ids, statements }));
      };
      expect(await read(100)).toEqual({ ids: alertIds.slice(0, 100), statements: 1 });
      expect(await read(130)).toEqual({ ids: alertIds.slice(100), statements: 2 });
    });

    it('is read once for all subscribers that wait at the same position for the same alerts', async () => {
      const { raise } = ours();
      await raise('before');
      const same = await Promise.all([raised(), raised('', 'title'), raised('', 'alertId rule { name }')]);
      const other = await raised('(minSeverity: INFO)');
      const waiting = Promise.all([...same, other].map((stream) => take(stream, 1)));
      const statements = await graphql.countStatements(async () => {
        await raise('a');
        expect(await waiting).toEqual([
          [{ alertId: 'a' }],
          [{ title: 'The disk is nearly full' }],
          [{ alertId: 'a', rule: null }],
          [{ alertId: 'a' }],
        ]);
      });
      // One statement for the position, and one for the page of each of the two queries.
      expect(statements).toBe(3);
    });

    it('delivers alerts of another instance within one poll', async () => {
      const { services } = graphql;
      const elsewhere = createAlertBook({
        ...services,
        live: { ...services.live, publish: () => undefined },
      });
      const stream = await raised();
      const next = take(stream, 1);
      await elsewhere.change(project, (writer) => writer.raise({ ...DRAFT, alertId: 'a' }));
      await turns.pass(2);
      expect(idsOf(await next)).toEqual(['a']);
    });

    it.each(['', 'since'])('misses no alert that is raised while it begins %s', async (behind) => {
      const rival = await startGraphQL(database, {
        replace: (services) => {
          const book = createAlertBook({ ...services, pause });
          // By the time the subscriber learns the position, another alert has been raised and
          // published.
          const raiseBefore = async (projectId: string) => {
            const position = await book.position(projectId);
            await alertsOf(rival).raise('between');
            await take(early, 1);
            return position;
          };
          const alertBook: AlertBook = {
            ...book,
            position: (projectId) => (begins ? raiseBefore : book.position)(projectId),
          };
          return { alerting: { ...services.alerting, alertBook } };
        },
      });
      let begins = false;
      await using _ = rival;
      const { alert: first } = await alertsOf(rival).raise('first');
      const early = await rival.subscribe('subscription { alertRaised { alertId } }');
      begins = true;
      const since = behind === 'since' ? `(since: "${first.id}")` : '';
      const stream = await rival.subscribe(`subscription { alertRaised${since} { alertId } }`);
      expect(idsOf(await take(stream, 1))).toEqual(['between']);
    });

    it.each([
      [
        'Alert:00000000-0000-7000-8000-00000000dead',
        'NOT_FOUND',
        /retention may have removed it.*without `since`/,
      ],
      [uuidOf(7), 'NOT_FOUND', /There is no alert/],
      ['LlmCall:00000000-0000-7000-8000-000000000001', 'BAD_USER_INPUT', /another type, not of Alert/],
      ['disk', 'BAD_USER_INPUT', /is not a valid id/],
      ['', 'BAD_USER_INPUT', /is not a valid id/],
    ])('refuses to continue after "%s"', async (since, code, message) => {
      const failure = await raised(`(since: "${since}")`).catch((error: Error) => JSON.parse(error.message));
      const [{ message: text, extensions }] = failure.errors;
      expect(text).toMatch(message);
      expect(extensions).toEqual({ code, argument: 'since' });
      await turns.pass(1);
      await expect.poll(watched).toBe(false);
    });

    it('does not continue after an alert of another project, nor after one that retention has removed', async () => {
      const { alert: foreign } = await theirs().raise('theirs');
      await expect(raised(`(since: "${foreign.id}")`)).rejects.toThrow('NOT_FOUND');
      const { alert: gone } = await ours().raise('gone');
      await ours().resolve('gone');
      await (await raised(`(since: "${gone.id}")`)).return?.();
      graphql.clock.advance(100 * 86_400_000);
      await graphql.services.retention.run();
      await expect(raised(`(since: "${gone.id}")`)).rejects.toThrow('NOT_FOUND');
    });

    it('sends the missed alerts in the order of their sequence, as the list does', async () => {
      const { raise } = ours();
      for (const day of ['03', '01', '02']) await raise(day, { raisedAt: `2026-11-${day}T00:00:00Z` });
      const { alerts } = await graphql.data(
        '{ alerts(filter: { sequence: { gt: 1 } }, orderBy: { field: SEQUENCE, direction: ASC }) { nodes { alertId } } }',
        {},
        project,
      );
      expect(alerts.nodes).toEqual([{ alertId: '01' }, { alertId: '02' }]);
    });

    it('leaves nothing open', async () => {
      const stream = await raised();
      const waiting = stream.next();
      expect(watched()).toBe(true);
      await stream.return?.();
      expect(await waiting).toEqual({ done: true, value: undefined });
      expect(graphql.services.live.hasSubscribers(`alerts.changed.${project}`)).toBe(false);
      await turns.pass(1);
      await expect.poll(watched).toBe(false);
    });
  });

  describe('alertChanged', () => {
    it('sends each alert that is acknowledged or resolved, with its state at that time', async () => {
      const { raise, acknowledge, resolve } = ours();
      for (const alertId of ['a', 'b']) await raise(alertId);
      await acknowledge('b', 'grace');
      const stream = await changed('', 'alertId status acknowledgedBy resolvedBy resolution');
      const nobody = { acknowledgedBy: null, resolvedBy: null, resolution: null };
      await acknowledge('a');
      expect(await take(stream, 1)).toEqual([
        { ...nobody, alertId: 'a', status: 'ACKNOWLEDGED', acknowledgedBy: 'ada' },
      ]);
      const over = { status: 'RESOLVED', resolvedBy: 'ada', resolution: 'BY_HAND' };
      await resolve('b');
      await resolve('a');
      expect(await take(stream, 2)).toEqual([
        { ...over, alertId: 'b', acknowledgedBy: 'grace' },
        { ...over, alertId: 'a', acknowledgedBy: 'ada' },
      ]);
      await raise('c');
      const next = take(stream, 1);
      await resolve('c');
      expect(await next).toEqual([{ ...nobody, ...over, alertId: 'c' }]);
    });

    it('sends a slow subscriber the last state of each alert', async () => {
      const { raise, acknowledge, resolve } = ours();
      const stream = await changed();
      for (const alertId of ['a', 'b']) await raise(alertId);
      await acknowledge('a');
      await acknowledge('b');
      await resolve('a');
      expect(await take(stream, 2)).toEqual([
        { alertId: 'b', status: 'ACKNOWLEDGED' },
        { alertId: 'a', status: 'RESOLVED' },
      ]);
    });

    it('combines severities and types', async () => {
      const { raise, resolve } = ours();
      const stream = await changed('(minSeverity: WARNING, types: [COST])');
      for (const [type, severity] of [
        ['COST', 'INFO'],
        ['TASK', 'CRITICAL'],
        ['COST', 'WARNING'],
      ] as const) {
        await raise(`${type} ${severity}`, { type, severity });
        await resolve(`${type} ${severity}`);
      }
      expect(idsOf(await take(stream, 1))).toEqual(['COST WARNING']);
    });
  });
});
