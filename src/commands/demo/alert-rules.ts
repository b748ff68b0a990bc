type RuleInput = Readonly<Record<string, unknown>> & { readonly ruleId: string };

/** The input of `createSlo`. */
export const CHAT_SLO = {
  sloId: 'chat-answers',
  name: 'The chat answers, and soon enough',
  description: 'Users leave when an answer takes longer than eight seconds, or does not come.',
  metricId: 'service_health',
  dataset: 'requestLogs',
  filter: { service: { eq: 'support-chat' } },
  good: { success: { eq: true }, latencyMs: { lte: 8000 } },
  objective: 0.94,
};

/** Rules that fire on the traffic of the month: inputs of `createAlertRule`. */
export const MONTH_RULES: readonly RuleInput[] = [
  {
    ruleId: 'provider-errors',
    name: 'High error rate of a model provider',
    description:
      'Failed calls are retried, then sent to another provider. Check the status page of the provider first.',
    type: 'PERFORMANCE',
    dataset: 'llmCalls',
    aggregate: 'ERROR_RATE',
    groupBy: ['provider'],
    comparator: 'GTE',
    warning: 0.15,
    critical: 0.4,
    window: 'PT15M',
    for: 'PT5M',
    minimumCount: 20,
    recoverAfter: 'PT15M',
    renotify: 'PT1H',
  },
  {
    ruleId: 'user-spend',
    name: 'High daily spend of one user',
    description: 'A single user rarely spends this much in a day. Ask the user, or look for a retry loop.',
    type: 'COST',
    dataset: 'llmCalls',
    aggregate: 'SUM',
    measure: 'cost',
    groupBy: ['endUser'],
    comparator: 'GT',
    warning: 8,
    critical: 12,
    window: 'P1D',
    recoverAfter: 'PT6H',
  },
  {
    ruleId: 'refused-tools',
    name: 'An agent asks for what nobody allows',
    description:
      'People rejected many of its calls of tools within a day. Look at its instructions, or at its permissions.',
    type: 'PERFORMANCE',
    dataset: 'toolCalls',
    filter: { decision: { eq: 'REJECTED' } },
    aggregate: 'COUNT',
    groupBy: ['agentId'],
    comparator: 'GTE',
    warning: 7,
    window: 'P1D',
    recoverAfter: 'PT6H',
  },
  {
    ruleId: 'no-traffic',
    name: 'No production traffic',
    description: 'Either users cannot reach the services, or the services do not record their requests.',
    type: 'SYSTEM',
    dataset: 'requestLogs',
    filter: { environment: { eq: 'production' } },
    aggregate: 'COUNT',
    comparator: 'LT',
    critical: 1,
    window: 'PT1H',
  },
];

/** Rules with windows short enough for the small incidents of the live events. */
export const LIVE_RULES: readonly RuleInput[] = [
  {
    ruleId: 'provider-errors-now',
    name: 'Sudden errors of a model provider',
    description: 'Like provider-errors, with a shorter window and higher thresholds.',
    type: 'PERFORMANCE',
    dataset: 'llmCalls',
    aggregate: 'ERROR_RATE',
    groupBy: ['provider'],
    comparator: 'GTE',
    warning: 0.25,
    critical: 0.5,
    window: 'PT2M',
    for: 'PT10S',
    minimumCount: 8,
    recoverAfter: 'PT1M',
  },
  {
    ruleId: 'chat-budget',
    name: 'The error budget of the chat burns fast',
    description: 'At this rate, the budget of four weeks is gone in nine days.',
    type: 'PERFORMANCE',
    aggregate: 'BURN_RATE',
    sloId: CHAT_SLO.sloId,
    comparator: 'GTE',
    warning: 3,
    window: 'PT1H',
    minimumCount: 20,
  },
];
