import { type GraphiqlTab, tabOf } from './tab.ts';

const list = /* GraphQL */ `# The slowest calls that failed, with the requests
# that made them: every list has filters, orders
# and pages.
query SlowestFailedCalls {
  llmCalls(
    first: 10
    filter: { success: { eq: false } }
    orderBy: {
      field: LATENCY_MS
      direction: DESC
    }
  ) {
    totalCount
    edges {
      node {
        timestamp
        service
        provider
        model
        errorType
        latencyMs
        cost
        requestLog {
          endpoint
          statusCode
        }
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}
`;

const record = /* GraphQL */ `# Records the two calls in the variables below.
# The cost of the first is computed from the price
# list. The second has a mistake: "rejected" names
# it, and the first is stored.
mutation RecordCalls($calls: [LlmCallInput!]!) {
  recordLlmCalls(input: $calls) {
    accepted
    duplicates
    rejected {
      index
      field
      message
    }
    ids
  }
}
`;

const recordVariables = {
  calls: [
    {
      service: 'graphiql',
      environment: 'development',
      provider: 'openai',
      model: 'gpt-4o-mini',
      promptTokens: 1200,
      completionTokens: 180,
      latencyMs: 840,
    },
    { service: 'graphiql', provider: 'openai', model: 'gpt-4o-mini', latencyMs: -1 },
  ],
};

const analytics = /* GraphQL */ `# The last seven days: totals beside the seven
# days before, the dearest models, and a line per
# provider.
# Several operations: the run button asks which.
query LastWeek {
  llmCallAnalytics(range: { last: "P7D" }) {
    totals {
      count
      errorRate
      cost { sum }
      latencyMs { avg p95 }
    }
    previous {
      totals {
        count
        cost { sum }
      }
    }
    groups(
      first: 5
      orderBy: {
        field: COST
        aggregate: SUM
        direction: DESC
      }
    ) {
      dimensions { provider model }
      stats {
        count
        cost { sum }
        latencyMs { p95 }
      }
    }
    series(
      grain: DAY
      timeZone: "Europe/Berlin"
      top: 3
    ) {
      dimensions { provider }
      other
      points {
        start
        stats {
          count
          cost { sum }
        }
      }
    }
    source {
      kind
      grain
      rowsRead
    }
  }
}
`;

const subscribe = /* GraphQL */ `# Each call as it is stored. Run it, leave it
# running, and record one in RecordCalls; the demo
# makes some by itself.
subscription LiveCalls {
  llmCallRecorded {
    timestamp
    service
    provider
    model
    success
    latencyMs
    cost
  }
}
`;

/** Model calls recorded. */
export const recordTab: GraphiqlTab = tabOf({ query: record, variables: recordVariables });

/** Model calls counted, and the ones behind the numbers. */
export const analysisTab: GraphiqlTab = tabOf({ query: analytics }, { query: list });

/** Model calls as they come. */
export const liveTab: GraphiqlTab = tabOf({ query: subscribe });
