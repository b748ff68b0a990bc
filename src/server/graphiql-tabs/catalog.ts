import { type GraphiqlTab, tabOf } from './tab.ts';

const define = /* GraphQL */ `# Adds a metric to the catalog. Run it a second
# time: a CONFLICT that tells what is there.
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
    description: 'What a finished diagram costs on average, in USD.',
    calculation: 'SUM(generations.cost) / COUNT(generations.success)',
    owner: '@studio',
    tags: ['ai', 'cost', 'diagrams'],
    dependencies: ['generations.cost', 'diagram_success_rate'],
    trustScore: 60,
  },
};

const browse = /* GraphQL */ `# The catalog: what metrics are made from, who
# changed them, whether they pass their tests, how
# often they are used.
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

const usage = /* GraphQL */ `# Who uses a metric, and how often.
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

/** The catalog of metrics: the whole with its history, a definition, the use of one. */
export const catalogTab: GraphiqlTab = tabOf(
  { query: browse },
  { query: define, variables: defineVariables },
  { query: usage },
);
