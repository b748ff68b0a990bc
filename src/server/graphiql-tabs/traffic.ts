import type { GraphiqlTab } from './tab.ts';

const overview = /* GraphQL */ `# A dashboard's head: the numbers of a day, the slowest endpoints, and what fails.
query Traffic {
  summary(range: { last: "P1D" }) {
    requests
    errors
    llmCalls
    successRate
    totalCost
    p95LatencyMs
  }
  requestLogAnalytics(range: { last: "P1D" }) {
    groups(first: 5, orderBy: { field: LATENCY_MS, aggregate: P95, direction: DESC }) {
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

/** What services answered, how long it took, what failed. */
export const trafficTabs: readonly GraphiqlTab[] = [{ query: overview }];
