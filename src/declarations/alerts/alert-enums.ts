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
  CRITICAL: 'Needs attention now. Kept forever.',
};

export const ALERT_STATUSES = {
  OPEN: 'Raised and not yet acknowledged.',
  ACKNOWLEDGED: 'Somebody has acknowledged it.',
  RESOLVED: 'Over.',
};

export const ALERT_RESOLUTIONS = {
  BY_HAND: 'Somebody resolved it.',
  RECOVERED: 'The condition that raised it has recovered.',
  ESCALATED: 'It got worse: an alert of higher severity replaced it.',
  RULE_CHANGED: 'Its rule was changed, disabled or deleted.',
};
