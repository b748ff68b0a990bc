import { type GraphiqlTab, tabOf } from './tab.ts';

const costs = /* GraphQL */ `# What this month will cost, and what each agent
# cost per task that it completed.
# Several operations: the run button asks which.
# docs/questions.md has more such questions.
query Costs {
  monthForecast(
    of: { llmCalls: { measure: COST } }
    budget: 500
  ) {
    soFar
    forecast
    low
    high
    budgetReachedOn
  }
  agentCosts(range: { last: "P30D" }) {
    agentId
    cost
    completedTasks
    costPerCompletedTask
  }
}
`;

const perRequest = /* GraphQL */ `# Errors per request, per service and over time:
# any number of one dataset, divided by any number
# of another.
query ErrorsPerRequest {
  ratio(
    range: { last: "P7D" }
    numerator: { errorLogs: {} }
    denominator: { requestLogs: {} }
  ) {
    value
    groups(orderBy: { field: VALUE }) {
      dimensions { service }
      value
      errors: numerator
      requests: denominator
    }
    series(grain: DAY) {
      points { start value }
    }
  }
}
`;

const users = /* GraphQL */ `# How many users there are each week, and which
# share of them comes back the week after.
query ReturningUsers {
  llmCallAnalytics(range: { last: "P28D" }) {
    users { start users returned returnRate }
  }
}
`;

/** What work and users cost and are worth: ratios, a forecast, and returning users. */
export const costTab: GraphiqlTab = tabOf({ query: costs }, { query: perRequest }, { query: users });
