import { type GraphiqlTab, tabOf } from './tab.ts';

const overview = /* GraphQL */ `# Welcome to Telltale. Press the run button or
# Ctrl-Enter to run this query. It shows the
# totals of the last 24 hours, the slowest
# endpoints and the most frequent errors. Hover
# over a field to read its description.
#
# The other tabs:
# - RecordCalls: record events
# - LastWeek: totals, groups and time series
# - LiveCalls: subscribe to new events
# - Costs: cost per task, errors per request
# - AgentsAtWork, Health, OpenAlerts, Diagrams,
#   Metrics: one topic each
query Overview {
  summary(range: { last: "P1D" }) {
    requests
    errors
    llmCalls
    successRate
    totalCost
    p95LatencyMs
  }
  requestLogAnalytics(range: { last: "P1D" }) {
    groups(
      first: 5
      orderBy: {
        field: LATENCY_MS
        aggregate: P95
        direction: DESC
      }
    ) {
      dimensions { endpoint method }
      stats {
        count
        errorRate
        latencyMs { avg p95 }
      }
    }
  }
  errorGroups(range: { last: "P1D" }, first: 5) {
    groupCount
    groups {
      errorType
      severity
      count
      firstSeen
      lastSeen
      sample { errorMessage service }
    }
  }
  latencySeries {
    start
    requests
    averageLatencyMs
  }
}
`;

/** The first tab: traffic, latency and errors of a day, and a guide to the other tabs. */
export const startTab: GraphiqlTab = tabOf({ query: overview });
