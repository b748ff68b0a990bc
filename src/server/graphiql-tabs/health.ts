import { type GraphiqlTab, tabOf } from './tab.ts';

const health = /* GraphQL */ `# The verdict, and every reason for it. In the
# demo, document-search indexes for a minute in
# six: run it again.
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

const samples = /* GraphQL */ `# How the services did day by day, and who was
# worst off. "npm run collect -- system" samples
# your machine.
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

const rag = /* GraphQL */ `# Stores for retrieval-augmented generation: all
# of them together, and the patterns that were
# found most.
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

/** How services, machines and stores do. */
export const healthTab: GraphiqlTab = tabOf({ query: health }, { query: samples }, { query: rag });
