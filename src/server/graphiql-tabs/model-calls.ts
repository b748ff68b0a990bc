import { type GraphiqlTab, tabOf } from './tab.ts';

const list = /* GraphQL */ `# The slowest failed calls, with the request that
# made each of them. Every list supports filters,
# sorting and pagination.
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
# The first is stored, with a cost computed from
# the price list. The second is invalid and listed
# in "rejected" with the reason.
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

const analytics = /* GraphQL */ `# The last 7 days: totals compared with the 7 days
# before, the most expensive models, and a time
# series per provider.
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

const values = /* GraphQL */ `# What is in the last day: the models to filter
# by, how many users there are, how latencies are
# distributed, and calls by an attribute.
query LastDay {
  llmCallAnalytics(range: { last: "P1D" }) {
    distinct(dimension: MODEL, first: 10) {
      value
      count
    }
    totals {
      countDistinct(dimension: END_USER)
    }
    histogram(
      measure: LATENCY_MS
      buckets: 10
      scale: LOG
    ) {
      buckets { from to count }
    }
    groups {
      dimensions {
        attempt: attribute(path: "attempt")
      }
      stats { count errorRate }
    }
  }
}
`;

const subscribe = /* GraphQL */ `# Sends each model call when it is stored. Leave
# it running and record a call in RecordCalls. The
# demo records calls continuously.
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

/** Recording model calls. */
export const recordTab: GraphiqlTab = tabOf({ query: record, variables: recordVariables });

/**
 * Analytics over model calls, the values of their dimensions, and the list of calls behind the
 * numbers.
 */
export const analysisTab: GraphiqlTab = tabOf({ query: analytics }, { query: values }, { query: list });

/** Model calls live. */
export const liveTab: GraphiqlTab = tabOf({ query: subscribe });
