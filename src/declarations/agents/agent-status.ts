/** What an agent may be doing, as it reports it. */
export const AGENT_STATUSES = {
  ACTIVE: 'It works on something.',
  IDLE: 'It waits for work.',
  BLOCKED: 'It waits for somebody or something.',
  ERROR: 'It failed and does not go on by itself.',
  OFFLINE: 'It does not run, or has been silent for longer than agents are given (AGENT_OFFLINE_SECONDS).',
} as const;
