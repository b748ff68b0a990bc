import { type GraphiqlTab, tabOf } from './tab.ts';

const health = /* GraphQL */ `# The overall status with the reasons for it. In
# the demo, document-search rebuilds its index for
# one minute in six. Run it again to see a change.
# Several operations: the run button asks which.
query Health {
  health {
    status
    reasons
    errorRate
    requests
    resources {
      eventLoopDelayMs
      memoryBytes
    }
    services {
      service
      environment
      status
      reasons
      stale
      sampledAt
      cpuUsage
      memoryUsage
      diskUsage
      requests
      errorRate
    }
    coordination {
      watching
      problems {
        message
      }
    }
  }
}
`;

const samples = /* GraphQL */ `# Errors, CPU usage and latency per service, and
# per day. To record samples of your own machine,
# run "npm run collect -- system".
query HealthOfServices {
  healthSampleAnalytics(range: { last: "P7D" }) {
    groups(
      first: 10
      orderBy: {
        field: ERROR_COUNT
        aggregate: SUM
        direction: DESC
      }
    ) {
      dimensions {
        service
      }
      stats {
        count
        errorCount {
          sum
        }
        cpuUsage {
          avg
          p95
        }
        apiLatencyMs {
          p95
        }
      }
    }
    series(grain: DAY) {
      points {
        start
        stats {
          errorCount {
            sum
          }
          apiLatencyMs {
            p95
          }
        }
      }
    }
  }
}
`;

const rag = /* GraphQL */ `# Retrieval-augmented generation: totals over all
# stores, the patterns found most often, and the
# hit rate per day.
query RagOverview {
  ragOverview(range: { last: "P7D" }, first: 5) {
    totalPatterns
    totalQueries
    hitRate
    averageResponseTimeMs
    queryVolumeLastHour
    topPatterns {
      pattern
      count
    }
    recentQueries
  }
  ragMetricAnalytics(range: { last: "P7D" }) {
    series(grain: DAY) {
      points {
        start
        stats {
          hitRate {
            avg
          }
          averageResponseTimeMs {
            p95
          }
        }
      }
    }
  }
}
`;

/** Health of the services and their machines, and the metrics of the RAG stores. */
export const healthTab: GraphiqlTab = tabOf({ query: health }, { query: samples }, { query: rag });
