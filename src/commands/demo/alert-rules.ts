type RuleInput = Readonly<Record<string, unknown>> & { readonly ruleId: string };

/** Rules that the month's traffic can pass: inputs of `createAlertRule`. */
export const MONTH_RULES: readonly RuleInput[] = [
  {
    ruleId: 'provider-errors',
    name: 'A model provider fails',
    description:
      'Calls are tried again and then go to another provider. Look at its status page before you do anything.',
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
    name: 'A user spends much in a day',
    description: 'Nobody should spend that much in a day without a reason. Ask the user, or look for a loop.',
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
    ruleId: 'no-traffic',
    name: 'No requests come in',
    description: 'Nobody can reach us, or nobody records.',
    type: 'SYSTEM',
    dataset: 'requestLogs',
    filter: { environment: { eq: 'production' } },
    aggregate: 'COUNT',
    comparator: 'LT',
    critical: 1,
    window: 'PT1H',
  },
];

/** Rules that are quick enough for the small incidents of the live events. */
export const LIVE_RULES: readonly RuleInput[] = [
  {
    ruleId: 'provider-errors-now',
    name: 'A model provider fails right now',
    description: 'The quick sister of provider-errors: it needs little time, and more failures.',
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
];
