import { describe, expect, it } from 'vitest';
import { derivedId } from '../../../../src/core/ids.ts';
import { notice } from '../support/notice.ts';
import type { Respond } from '../support/receiver.ts';
import { sendNotice } from '../support/send-notice.ts';

const KEY = 'R02ABCDEFGHIJKLMNOPQRSTUVWXYZ012';
const DEDUP_KEY = derivedId('default', 'alerts', 'rule:costly-users:1');

/** Accepts valid events, as the documentation of the Events API v2 says. */
const enqueue: Respond = (response, { body }) => {
  const { routing_key, event_action, dedup_key, payload = {} } = JSON.parse(body);
  const right =
    routing_key === KEY &&
    ['trigger', 'acknowledge', 'resolve'].includes(event_action) &&
    dedup_key.length <= 255 &&
    payload.summary.length <= 1024 &&
    payload.source !== '' &&
    ['critical', 'error', 'warning', 'info'].includes(payload.severity);
  const answer = right
    ? { status: 'success', message: 'Event processed', dedup_key }
    : { status: 'invalid event', message: 'Event object is invalid', errors: ["'payload' is wrong"] };
  response.writeHead(right ? 202 : 400, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
};

const pagerduty = (
  options: { respond?: Respond; notice?: ReturnType<typeof notice>; secret?: string } = {},
) => sendNotice({ kind: 'PAGERDUTY', path: '/v2/enqueue', secret: KEY, respond: enqueue, ...options });

describe('an event of PagerDuty', () => {
  it('triggers an incident', async () => {
    const { outcome, request, body } = await pagerduty();
    expect(outcome).toMatchObject({ statusCode: 202, error: null });
    expect(request.path).toBe('/v2/enqueue');
    expect(body).toEqual({
      routing_key: KEY,
      event_action: 'trigger',
      dedup_key: DEDUP_KEY,
      client: 'Telltale',
      payload: {
        summary: 'Costly end users',
        source: 'rule:costly-users',
        severity: 'warning',
        timestamp: '2026-11-22T12:00:00.000Z',
        class: 'COST',
        group: 'default',
        custom_details: {
          alertId: 'rule:costly-users:1',
          message: 'Ask the user before the budget does.',
          labels: { endUser: 'user-7' },
          value: 12.5,
          threshold: 10,
        },
      },
    });
  });

  it.each([
    ['alert.raised', 'trigger'],
    ['alert.reminded', 'trigger'],
    ['alert.acknowledged', 'acknowledge'],
    ['alert.resolved', 'resolve'],
    ['alert.test', 'trigger'],
  ])('follows the alert: %s is %s', async (type, action) => {
    const { outcome, body } = await pagerduty({ notice: notice(type) });
    expect(outcome).toMatchObject({ error: null });
    expect(body).toMatchObject({ event_action: action, dedup_key: DEDUP_KEY });
  });

  it('has a source even if the alert has none', async () => {
    const { outcome, body } = await pagerduty({ notice: notice('alert.raised', { source: null }) });
    expect(outcome).toMatchObject({ error: null });
    expect(body.payload.source).toBe('default');
  });

  it('is not tried again when PagerDuty refuses it, and never shows its key', async () => {
    const respond: Respond = (response, { body }) => response.writeHead(400).end(body);
    const { outcome } = await pagerduty({ respond });
    expect(outcome).toMatchObject({ statusCode: 400, final: true, error: 'It answered with status 400.' });
    expect(outcome?.responseBody).toContain('"routing_key":"***"');
    expect(JSON.stringify(outcome)).not.toContain(KEY);
  });

  it.each([
    [429, { 'retry-after': '60' }, 60_000],
    [429, {}, null],
    [500, {}, null],
  ])('is tried again after %i', async (status, headers, retryAfterMs) => {
    const respond: Respond = (response) => response.writeHead(status, headers).end();
    const { outcome } = await pagerduty({ respond });
    expect(outcome).toMatchObject({ statusCode: status, final: false, retryAfterMs });
  });
});
