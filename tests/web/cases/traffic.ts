import { expect } from 'vitest';
import { formatValue } from '../../../web/src/format/value.ts';
import { graphql } from '../../generated/gql.ts';
import { FIXED_RANGE, inRange, type PageCase } from '../support/page-case.ts';
import { rowOf } from '../support/rows.ts';

const ServicesAsked = graphql(/* GraphQL */ `
  query ServicesAsked($range: TimeRangeInput!) {
    requestLogAnalytics(range: $range) {
      groups(first: 1) { dimensions { service } stats { count errorRate latencyMs { p95 } } }
    }
  }
`);

const EndpointAsked = graphql(/* GraphQL */ `
  query EndpointAsked($range: TimeRangeInput!, $service: String!) {
    requestLogAnalytics(range: $range, filter: { service: { eq: $service } }) {
      groups(first: 1) { dimensions { endpoint method } stats { count latencyMs { p99 } } }
    }
  }
`);

const NewestRequest = graphql(/* GraphQL */ `
  query NewestRequestAsked($from: DateTime!, $to: DateTime!) {
    requestLogs(first: 1, filter: { timestamp: { gte: $from, lt: $to } }) {
      nodes { id endpoint method latencyMs llmCalls { id provider model latencyMs } }
    }
  }
`);

const RECORD = /* GraphQL */ `
  mutation ($input: [RequestLogInput!]!) { recordRequestLogs(input: $input) { accepted } }
`;

/** A service of the demo that always has requests. */
const SERVICE = 'support-chat';

export const services: PageCase = {
  name: 'services',
  path: inRange('/services'),
  async check({ page, running }) {
    const { requestLogAnalytics } = await running.ask(ServicesAsked, { range: FIXED_RANGE });
    const [busiest] = requestLogAnalytics.groups;
    const row = rowOf(page, 'Services', busiest?.dimensions.service);
    await expect
      .poll(() => row.textContent())
      .toContain(formatValue(busiest?.stats.count, 'count', 'column'));
    const text = await row.textContent();
    expect(text).toContain(formatValue(busiest?.stats.errorRate, 'ratio', 'column'));
    expect(text).toContain(formatValue(busiest?.stats.latencyMs.p95, 'ms', 'column'));
  },
};

export const service: PageCase = {
  name: 'a service with its endpoints',
  path: inRange(`/services/one?service=${SERVICE}`),
  async check({ page, running }) {
    const asked = await running.ask(EndpointAsked, { range: FIXED_RANGE, service: SERVICE });
    const [busiest] = asked.requestLogAnalytics.groups;
    const row = rowOf(page, 'Endpoints', busiest?.dimensions.endpoint);
    await expect
      .poll(() => row.textContent())
      .toContain(formatValue(busiest?.stats.count, 'count', 'column'));
    expect(await row.textContent()).toContain(formatValue(busiest?.stats.latencyMs.p99, 'ms', 'column'));
  },
};

export const requests: PageCase = {
  name: 'requests, and a new one without a reload',
  path: '/requests?service=seen-live',
  async check({ page, running }) {
    await expect.poll(() => page.getByText('No requests match these filters').isVisible()).toBe(true);
    await running.waitForSubscriptions(1);
    await running.query(RECORD, {
      input: [
        {
          service: 'seen-live',
          requestId: 'seen-live',
          endpoint: '/new',
          method: 'GET',
          statusCode: 503,
          latencyMs: 77,
        },
      ],
    });
    const row = rowOf(page, 'Requests', '/new');
    await expect.poll(() => row.textContent()).toContain(formatValue(77, 'ms', 'column'));
    expect(await row.textContent()).toContain('503');
  },
};

export const request: PageCase = {
  name: 'one request with its calls over time',
  path: `/requests/${encodeURIComponent('RequestLog:00000000-0000-4000-8000-000000000000')}`,
  async check({ page, running, show }) {
    await expect.poll(() => page.getByText('There is no such request').isVisible()).toBe(true);
    const { requestLogs } = await running.ask(NewestRequest, FIXED_RANGE);
    const [newest] = requestLogs.nodes;
    if (newest === undefined) throw new Error('The demo has no request.');
    await show(`/requests/${encodeURIComponent(newest.id)}`);
    const drawn = page.getByRole('region', { name: 'Timeline' });
    await expect.poll(() => drawn.textContent()).toContain(`${newest.method} ${newest.endpoint}`);
    const text = await drawn.textContent();
    expect(text).toContain(formatValue(newest.latencyMs, 'ms'));
    for (const { provider, model, latencyMs } of newest.llmCalls) {
      expect(text).toContain(`${provider} ${model}`);
      expect(text).toContain(formatValue(latencyMs, 'ms'));
    }
  },
};
