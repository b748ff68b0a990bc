/** The values of the alerts' enums, with their descriptions. */

export const ALERT_TYPES = {
  AGENT: 'Concerns a coding agent.',
  TASK: 'Concerns a task.',
  SYSTEM: 'Concerns a machine or a service, including its health.',
  PERFORMANCE: 'Concerns latencies, error rates and volumes.',
  COST: 'Concerns cost.',
};

/** From the mildest to the worst. */
export const ALERT_SEVERITIES = {
  INFO: 'Good to know.',
  WARNING: 'Needs attention.',
  ERROR: 'Something fails.',
  CRITICAL: 'Needs attention now. The alert is kept forever.',
};

export const ALERT_STATUSES = {
  OPEN: 'The alert was raised and is not yet acknowledged.',
  ACKNOWLEDGED: 'Somebody has acknowledged the alert.',
  RESOLVED: 'Over.',
};

export const ALERT_RESOLUTIONS = {
  BY_HAND: 'Somebody resolved it.',
  RECOVERED: 'The condition that raised it has recovered.',
  ESCALATED: 'The condition got worse: an alert of higher severity replaced it.',
  RULE_CHANGED: 'Its rule was changed, disabled or deleted.',
};
