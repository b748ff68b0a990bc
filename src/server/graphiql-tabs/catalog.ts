import { type GraphiqlTab, tabOf } from './tab.ts';

const define = /* GraphQL */ `# Adds a metric to the catalog. Run it a second
# time: a CONFLICT error shows the existing one.
mutation DefineMetric(
  $metric: CreateMetricInput!
) {
  createMetric(input: $metric) {
    metric {
      metricId
      version
      dependencies
    }
  }
}
`;

const defineVariables = {
  metric: {
    metricId: 'cost_per_diagram',
    name: 'Cost per diagram',
    description: 'Average cost of a successful diagram generation, in USD.',
    calculation: 'SUM(generations.cost) / COUNT(generations.success)',
    owner: '@studio',
    tags: ['ai', 'cost', 'diagrams'],
    dependencies: ['generations.cost', 'diagram_success_rate'],
    trustScore: 60,
  },
};

const browse = /* GraphQL */ `# The catalog of metrics: what each one depends
# on, its changes, the results of its tests, and
# how often it is used.
# Several operations: the run button asks which.
query Metrics {
  metrics(
    filter: {
      tags: { hasSome: ["cost", "revenue"] }
    }
    orderBy: {
      field: TRUST_SCORE
      direction: DESC
    }
  ) {
    totalCount
    nodes {
      metricId
      name
      owner
      trustScore
      version
      usageCount
      testCount
      dependents {
        metricId
      }
      dependencyGraph {
        nodes {
          name
          depth
        }
        edges {
          from
          to
        }
      }
      history(first: 3) {
        nodes {
          version
          field
          oldValue
          newValue
          changedBy
          comment
          changedAt
        }
      }
      validationTests(first: 5) {
        nodes {
          name
          testType
          status
          lastRun
          message
        }
      }
    }
  }
}
`;

const usage = /* GraphQL */ `# How often a metric is used, per day and user.
query MetricUsage {
  metricUsageStats(
    metricId: "revenue_total"
    days: 14
    timeZone: "Europe/Berlin"
  ) {
    total
    days {
      start
      uses
    }
    users {
      usedBy
      uses
    }
  }
}
`;

const objectives = /* GraphQL */ `# Service level objectives: what is left of each
# error budget, and how fast it burns.
query Objectives {
  slos(first: 10) {
    nodes {
      name
      objective
      window
      status {
        events
        bad
        compliance
        budgetRemaining
        lastHour: burnRate(over: "PT1H")
        lastSixHours: burnRate(over: "PT6H")
        series(grain: DAY) {
          start
          bad
          budgetRemaining
        }
      }
    }
  }
}
`;

/** The catalog: browsing metrics, defining one, the usage of one, service level objectives. */
export const catalogTab: GraphiqlTab = tabOf(
  { query: browse },
  { query: define, variables: defineVariables },
  { query: usage },
  { query: objectives },
);
