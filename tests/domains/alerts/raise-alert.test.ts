import { afterAll, beforeAll, expect, it } from 'vitest';
import { derivedId } from '../../../src/core/ids.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { alert } from '../../support/events.ts';
import { NOW, startGraphQL, type TestGraphQL } from '../../support/graphql.ts';
import { alertsOf } from './support/alerts.ts';

describeEachDatabase('raiseAlert', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  it('stores an alert, open', async () => {
    const { raise, find } = alertsOf(graphql);
    const given = {
      type: 'COST',
      severity: 'CRITICAL',
      title: 'Budget',
      message: 'More than 100 USD today.',
      source: 'billing',
      metadata: { budget: 100, users: ['a'] },
      raisedAt: '2026-11-22T11:00:00.000Z',
    };
    const { alert: stored, created } = await raise('budget', given);
    expect(created).toBe(true);
    const uuid = derivedId('default', 'alerts', 'budget');
    expect(stored).toEqual({
      ...given,
      id: `Alert:${uuid}`,
      uuid,
      alertId: 'budget',
      sequence: expect.any(Number),
      status: 'OPEN',
      ruleId: null,
      labels: null,
      value: null,
      threshold: null,
      acknowledgedBy: null,
      acknowledgedAt: null,
      resolvedBy: null,
      resolvedAt: null,
      resolution: null,
      updatedAt: NOW,
    });
    expect(await find('budget')).toEqual(stored);
  });

  it('stores an alert that is raised again only once, and does not change it in any state', async () => {
    const { raise, acknowledge, resolve, find } = alertsOf(graphql);
    const first = await raise('again', { title: 'First' });
    expect(first.alert).toMatchObject({ raisedAt: NOW, message: null, source: null, metadata: null });
    const repeat = () => raise('again', { title: 'Second', severity: 'CRITICAL' });
    expect(await repeat()).toEqual({ alert: first.alert, created: false });
    for (const step of [acknowledge, resolve]) {
      const { alert: moved } = await step('again');
      expect(await repeat()).toEqual({ alert: moved, created: false });
      expect(await find('again')).toEqual(moved);
    }
  });

  it('gives positions in the order in which alerts are raised and changed', async () => {
    const { raise, acknowledge } = alertsOf(graphql, 'in-order');
    expect((await raise('a')).alert.sequence).toBe(1);
    expect((await raise('b')).alert.sequence).toBe(2);
    expect((await raise('a')).alert.sequence).toBe(1);
    expect((await acknowledge('a')).alert.sequence).toBe(1);
    expect((await raise('c')).alert.sequence).toBe(4);
  });

  it('masks secrets in title and message', async () => {
    const { raise } = alertsOf(graphql);
    const { alert: stored } = await raise('leak', {
      title: 'Login failed with password=hunter2',
      message: 'curl -H "Authorization: Bearer abcdef0123456789" https://user:secret@example.com',
    });
    expect(stored.title).toBe('Login failed with password=***');
    expect(stored.message).not.toMatch(/abcdef|secret/);
    expect(stored.message).toContain('https://user:***@example.com');
  });

  it('keeps projects apart', async () => {
    await alertsOf(graphql, 'theirs').raise('shared', { title: 'Theirs' });
    expect(await alertsOf(graphql).find('shared')).toBeNull();
    const own = await alertsOf(graphql).raise('shared', { title: 'Ours' });
    expect(own).toMatchObject({ created: true, alert: { title: 'Ours' } });
    expect(await alertsOf(graphql, 'theirs').find('shared')).toMatchObject({ title: 'Theirs' });
  });

  it.each([
    [{ alertId: ' ' }, 'input.alertId', /more than white space/],
    [{ alertId: 'x'.repeat(201) }, 'input.alertId', /at most 200 characters/],
    [{ title: '\n' }, 'input.title', /more than white space/],
    [{ message: 'x'.repeat(10_001) }, 'input.message', /at most 10000 characters/],
    [{ metadata: [1] }, 'input.metadata', /a JSON object/],
    [{ metadata: { text: 'a\0' } }, 'input.metadata', /U\+0000/],
    [{ raisedAt: '2026-11-24T00:00:00Z' }, 'input.raisedAt', /24 h in the future/],
  ])('refuses %j', async (fields, argument, message) => {
    const refused = await alertsOf(graphql).refuse('raiseAlert', alert('bad', fields));
    expect(refused).toEqual({
      message: expect.stringMatching(message),
      extensions: { code: 'BAD_USER_INPUT', argument },
    });
  });
});
