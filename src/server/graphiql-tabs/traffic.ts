import { type GraphiqlTab, tabOf } from './tab.ts';

const overview = /* GraphQL */ `# Welcome to Telltale. The button to the right or
# Ctrl-Enter runs this: the numbers of a day, the
# slowest endpoints, what fails. Hover over
# a field to learn what it is.
#
# The tabs:
# - RecordCalls: send events
# - LastWeek: ask for numbers, groups, series
# - LiveCalls: watch what comes in
# - AgentsAtWork, Health, OpenAlerts, Diagrams,
#   Metrics: one subject each
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

/** The start: what services answered, how long it took, what failed; and where to go from here. */
export const startTab: GraphiqlTab = tabOf({ query: overview });
