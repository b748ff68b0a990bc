import { describe, expect, it } from 'vitest';
import { choose, fullWebhooks } from '../../../src/alerting/delivery/limits.ts';

/** "a1" is the first delivery of webhook "a" in project "p". */
const delivery = (name: string) => ({ projectId: 'p', webhookId: name.charAt(0), name });
const deliveries = (names: string) => names.split(' ').filter(Boolean).map(delivery);

describe('the deliveries that may begin', () => {
  it.each([
    ['all, where there is room', 'a1 b1 a2', '', { total: 9, perWebhook: 9 }, 'a1 b1 a2'],
    ['the longest due, up to the limit of all', 'a1 b1 c1', '', { total: 2, perWebhook: 9 }, 'a1 b1'],
    ['those of others behind a full webhook', 'a1 a2 a3 b1', '', { total: 9, perWebhook: 2 }, 'a1 a2 b1'],
    ['beside those under way', 'a3 b1 c1', 'a1 a2 b0', { total: 4, perWebhook: 2 }, 'b1'],
    ['none, when all are under way', 'c1', 'a1 b1', { total: 2, perWebhook: 2 }, ''],
    ['none of nothing', '', '', { total: 2, perWebhook: 2 }, ''],
  ])('are %s', (_case, due, underWay, limits, expected) => {
    const chosen = choose(deliveries(due), deliveries(underWay), limits);
    expect(chosen.map(({ name }) => name).join(' ')).toBe(expected);
  });

  it('are counted per project', () => {
    const other = { projectId: 'q', webhookId: 'a' };
    expect(choose([other], deliveries('a1'), { total: 9, perWebhook: 1 })).toEqual([other]);
  });

  it('leave out webhooks that are full', () => {
    const full = fullWebhooks(deliveries('a1 b1 a2'), { total: 9, perWebhook: 2 });
    expect(full).toEqual([{ projectId: 'p', webhookId: 'a' }]);
  });
});
