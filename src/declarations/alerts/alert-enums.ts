/** The values of the alerts' enums, with what GraphiQL says of each. */

export const ALERT_TYPES = {
  AGENT: 'Of a coding agent.',
  TASK: 'Of a task.',
  SYSTEM: 'Of a machine or a service, its health included.',
  PERFORMANCE: 'Of latencies, error rates and amounts.',
  COST: 'Of money.',
};

/** From the mildest to the worst. */
export const ALERT_SEVERITIES = {
  INFO: 'Good to know.',
  WARNING: 'Should be looked at.',
  ERROR: 'Something fails.',
  CRITICAL: 'Must be looked at now. Kept for ever.',
};

export const ALERT_STATUSES = {
  OPEN: 'Raised, and nobody has taken it yet.',
  ACKNOWLEDGED: 'Somebody has taken it.',
  RESOLVED: 'Over.',
};

export const ALERT_RESOLUTIONS = {
  BY_HAND: 'Somebody resolved it.',
  RECOVERED: 'What raised it is well again.',
  ESCALATED: 'It got worse: an alert of higher severity took its place.',
  RULE_CHANGED: 'Its rule was changed, disabled or deleted.',
};
