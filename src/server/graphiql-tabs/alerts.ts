import { type GraphiqlTab, tabOf } from './tab.ts';

const open = /* GraphQL */ `# Unresolved alerts with their notifications, and
# the current state of the alert rules. In the
# demo, rules fire within minutes.
# Several operations: the run button asks which.
query OpenAlerts {
  alertCounts(
    filter: { status: { ne: RESOLVED } }
  ) {
    severity
    status
    type
    count
  }
  alerts(
    first: 10
    filter: { status: { ne: RESOLVED } }
  ) {
    nodes {
      alertId
      raisedAt
      severity
      status
      title
      message
      value
      threshold
      acknowledgedBy
      deliveries(first: 3) {
        nodes {
          webhookId
          event
          attempt
          status
          error
        }
      }
    }
  }
  alertRules(first: 10) {
    nodes {
      ruleId
      enabled
      problem
      states(first: 5) {
        labels
        level
        since
      }
    }
  }
}
`;

const raise = /* GraphQL */ `# Raises an alert and acknowledges it. Run it a
# second time: the alert is not stored again, and
# a CONFLICT error says who acknowledged it.
mutation RaiseAlert($alert: RaiseAlertInput!) {
  raiseAlert(input: $alert) {
    created
    alert {
      id
      sequence
      status
    }
  }
  acknowledgeAlert(
    input: {
      alertId: "graphiql-1"
      acknowledgedBy: "ana@acme.example"
    }
  ) {
    alert {
      status
      acknowledgedBy
      acknowledgedAt
    }
  }
}
`;

const raiseVariables = {
  alert: {
    alertId: 'graphiql-1',
    type: 'SYSTEM',
    severity: 'WARNING',
    title: 'The certificate of shop.example ends in three days',
    source: 'graphiql',
    metadata: { host: 'shop.example' },
  },
};

/**
 * With fewer calls than `minimumCount`, an open alert stays open until there are enough again
 * (`absent: KEEP`). In the demo's month, the rule fires during the incident.
 */
const rule = {
  dataset: 'llmCalls',
  aggregate: 'ERROR_RATE',
  groupBy: ['provider'],
  comparator: 'GTE',
  warning: 0.1,
  critical: 0.4,
  for: 'PT2M',
  window: 'PT5M',
  minimumCount: 20,
  absent: 'KEEP',
};

const preview = /* GraphQL */ `# When would this rule have fired in the last 7
# days? In the demo it finds the incident. Change
# a threshold and compare.
query TryRule($rule: PreviewAlertRuleInput!) {
  previewAlertRule(
    input: $rule
    range: { last: "P7D" }
  ) {
    step
    evaluations
    groups
    firingCount
    firingTime
    firings(first: 10) {
      labels
      severity
      firedAt
      resolvedAt
      resolution
      duration
      value
      threshold
      worst
    }
  }
}
`;

const create = /* GraphQL */ `# Creates the same rule; it is evaluated from now
# on. Run it a second time: a CONFLICT error shows
# the existing rule.
mutation CreateRule(
  $newRule: CreateAlertRuleInput!
) {
  createAlertRule(input: $newRule) {
    rule {
      ruleId
      type
      for
      recoverAfter
      renotify
      webhooks
      createdAt
    }
  }
}
`;

const named = { ruleId: 'graphiql-provider-errors', name: 'A provider fails', ...rule };

const live = /* GraphQL */ `# Sends each alert when it is raised. To miss none
# after a reconnect, pass the id of the last alert
# that you received as "since".
subscription RaisedAlerts {
  alertRaised(minSeverity: INFO) {
    id
    raisedAt
    type
    severity
    title
    message
    source
  }
}
`;

/** Alerts: unresolved ones, raising and acknowledging, rules, and live. */
export const alertTab: GraphiqlTab = tabOf(
  { query: open },
  { query: raise, variables: raiseVariables },
  { query: preview, variables: { rule } },
  { query: create, variables: { newRule: named } },
  { query: live },
);
