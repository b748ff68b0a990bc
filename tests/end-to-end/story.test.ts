import { expect, it } from 'vitest';
import { graphql } from '../generated/gql.ts';
import type { ActivityInput } from '../generated/graphql.ts';
import { describeEachDatabase } from '../support/databases.ts';
import { startApp } from '../support/start-app.ts';

const RECORD = graphql(`
  mutation RecordActivity($input: ActivityInput!) {
    recordActivity(input: $input) {
      accepted
      duplicates
      rejected {
        dataset
        index
        field
      }
      ids
    }
  }
`);

const REQUESTS = graphql(`
  query Requests($filter: RequestLogFilter) {
    requestLogs(filter: $filter, orderBy: { field: LATENCY_MS, direction: DESC }) {
      totalCount
      nodes {
        requestId
        success
        llmCalls {
          model
          cost
          costSource
          requestLog {
            requestId
          }
        }
        techniqueUsages {
          techniqueSuite
        }
        errorLogs {
          errorMessage
        }
      }
    }
  }
`);

const NUMBERS = graphql(`
  query Numbers {
    llmCallAnalytics(range: { last: "PT1H" }) {
      totals {
        count
        errorRate
        cost {
          sum
        }
      }
      groups {
        dimensions {
          provider
        }
        stats {
          count
          latencyMs {
            max
          }
        }
      }
    }
    summary(range: { last: "PT1H" }) {
      requests
      llmCalls
      unpricedLlmCalls
      errors
    }
    health {
      status
    }
  }
`);

/** A request that called two models, one of them unknown to the price book, and failed. */
const activity: ActivityInput = {
  requestLogs: [{ requestId: 'r-1', endpoint: '/chat', method: 'POST', statusCode: 502, latencyMs: 950 }],
  llmCalls: [
    {
      id: '0190f5d2-0000-7000-8000-000000000001',
      requestId: 'r-1',
      provider: 'openai',
      model: 'gpt-4o-mini',
      promptTokens: 1_000_000,
      latencyMs: 800,
    },
    {
      id: '0190f5d2-0000-7000-8000-000000000002',
      requestId: 'r-1',
      provider: 'in-house',
      model: 'nobody-knows',
      latencyMs: 40,
      errorType: 'timeout',
    },
  ],
  techniqueUsages: [{ requestId: 'r-1', techniqueSuite: 'few-shot', potencyLevel: 3, success: false }],
  errorLogs: [
    {
      id: '0190f5d2-0000-7000-8000-000000000003',
      requestId: 'r-1',
      errorType: 'Timeout',
      errorMessage: 'no answer to Bearer abcd1234efgh5678ijkl9012',
    },
  ],
};

describeEachDatabase('a request with everything that belongs to it', (database) => {
  it('is recorded, found again, and counted', async () => {
    await using running = await startApp({ database });
    const input = {
      ...activity,
      techniqueUsages: [...(activity.techniqueUsages ?? []), { potencyLevel: 11 } as never],
    };

    const { recordActivity } = await running.ask(RECORD, { input });
    expect(recordActivity).toMatchObject({ accepted: 5, duplicates: 0 });
    expect(recordActivity.rejected).toMatchObject([{ dataset: 'techniqueUsages', index: 1 }]);
    expect(recordActivity.ids).toHaveLength(5);

    const { requestLogs } = await running.ask(REQUESTS, { filter: { success: { eq: false } } });
    expect(requestLogs.totalCount).toBe(1);
    const [request] = requestLogs.nodes;
    const calls = [...(request?.llmCalls ?? [])].sort((one, other) => other.model.localeCompare(one.model));
    expect(calls).toEqual([
      { model: 'nobody-knows', cost: null, costSource: 'UNKNOWN', requestLog: { requestId: 'r-1' } },
      { model: 'gpt-4o-mini', cost: 0.15, costSource: 'COMPUTED', requestLog: { requestId: 'r-1' } },
    ]);
    expect(request?.techniqueUsages).toEqual([{ techniqueSuite: 'few-shot' }]);
    expect(request?.errorLogs).toEqual([{ errorMessage: expect.not.stringContaining('abcd1234') }]);
  });

  it('changes no total when it is sent again', async () => {
    await using running = await startApp({ database });
    const input: ActivityInput = { ...activity, techniqueUsages: [] };
    await running.ask(RECORD, { input });
    const { recordActivity } = await running.ask(RECORD, { input });
    expect(recordActivity).toMatchObject({ accepted: 0, duplicates: 4, rejected: [] });

    // The events have the server's current time, which a range until now excludes within the same
    // millisecond.
    await expect
      .poll(async () => (await running.ask(NUMBERS)).summary, { interval: 5 })
      .toEqual({ requests: 1, llmCalls: 2, unpricedLlmCalls: 1, errors: 1 });
    const { llmCallAnalytics, health } = await running.ask(NUMBERS);
    expect(llmCallAnalytics.totals).toEqual({ count: 2, errorRate: 0.5, cost: { sum: 0.15 } });
    expect(llmCallAnalytics.groups).toEqual(
      expect.arrayContaining([
        { dimensions: { provider: 'openai' }, stats: { count: 1, latencyMs: { max: 800 } } },
        { dimensions: { provider: 'in-house' }, stats: { count: 1, latencyMs: { max: 40 } } },
      ]),
    );
    expect(health.status).toBe('HEALTHY');
  });
});
