/** What an agent may be doing, as it reports it. */
export const AGENT_STATUSES = {
  ACTIVE: 'The agent is working.',
  IDLE: 'The agent is waiting for work.',
  BLOCKED: 'The agent is waiting for a person or for something else.',
  ERROR: 'The agent failed and cannot continue by itself.',
  OFFLINE: 'The agent is not running, or has not reported for longer than AGENT_OFFLINE_SECONDS.',
} as const;
