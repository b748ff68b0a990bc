/** A question, and the document that answers it. A test runs all of them. */
export interface SchemaExample {
  readonly question: string;
  readonly document: string;
}

/** Each shows one thing that most queries need. */
export const EXAMPLES: readonly SchemaExample[] = [
  {
    question: 'Cost and tokens per day and model in the last week',
    document: `{
  llmCallAnalytics(range: { last: "P7D" }) {
    series(grain: DAY, top: 5) {
      dimensions { model }
      points { start stats { count cost { sum } totalTokens { sum } } }
    }
  }
}`,
  },
  {
    question: 'The slowest endpoints today, compared with yesterday',
    document: `{
  requestLogAnalytics(range: { calendar: TODAY }) {
    totals { count latencyMs { p95 } }
    previous { totals { count latencyMs { p95 } } }
    groups(first: 5, orderBy: { field: LATENCY_MS, aggregate: P95 }) {
      dimensions { endpoint method }
      stats { count errorRate latencyMs { p50 p95 } }
    }
  }
}`,
  },
  {
    question: 'The newest failed model calls of one provider, and the next page',
    document: `query ($after: String) {
  llmCalls(first: 20, after: $after, filter: { success: { eq: false }, provider: { eq: "openai" } }) {
    nodes { timestamp model errorType errorMessage statusCode service requestId }
    pageInfo { hasNextPage endCursor }
  }
}`,
  },
  {
    question: 'Everything that belongs to one request',
    document: `{
  requestLogs(first: 1, filter: { requestId: { eq: "req-1" } }) {
    nodes { timestamp endpoint statusCode latencyMs llmCalls { model cost } errorLogs { errorMessage } }
  }
}`,
  },
  {
    question: 'What the agents cost, and what they completed',
    document: `{
  agentCosts(range: { last: "P30D" }) { agentId llmCalls cost completedTasks costPerCompletedTask }
}`,
  },
  {
    question: 'Cost per request and service: a ratio of two datasets',
    document: `{
  ratio(range: { last: "P1D" }, numerator: { llmCalls: { measure: COST } }, denominator: { requestLogs: {} }) {
    value
    groups(first: 10) { dimensions { service } numerator denominator value }
  }
}`,
  },
];
