import { type GraphiqlTab, tabOf } from './tab.ts';

const open = /* GraphQL */ `# What is not over, and whom it was told; then
# what the rules find. In the demo, rules fire
# within minutes.
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

const raise = /* GraphQL */ `# A service raises an alert, and Ana takes it. Run
# it again: it is stored once, and a CONFLICT says
# who has taken it.
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
 * Few calls say little, and nothing of an alert that is open: it waits for more. In the demo's
 * month it fires in the incident.
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

const preview = /* GraphQL */ `# When would this rule have fired last week? In
# the demo it finds the incident. Change a
# threshold and see.
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

const create = /* GraphQL */ `# The same rule, evaluated from now on. Run it a
# second time: a CONFLICT tells what is there.
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

const live = /* GraphQL */ `# Each alert as it is raised. Leave it running.
# With "since", the id of the last one that you
# saw, you miss none.
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

/** Alerts at hand, raised and taken, by rules, and live. */
export const alertTab: GraphiqlTab = tabOf(
  { query: open },
  { query: raise, variables: raiseVariables },
  { query: preview, variables: { rule } },
  { query: create, variables: { newRule: named } },
  { query: live },
);
