/** What an agent may be doing, as it reports it. */
export const AGENT_STATUSES = {
  ACTIVE: 'It works on something.',
  IDLE: 'It waits for work.',
  BLOCKED: 'It waits for somebody or something.',
  ERROR: 'It failed and cannot continue by itself.',
  OFFLINE: 'It is not running, or has been silent for longer than AGENT_OFFLINE_SECONDS.',
} as const;
