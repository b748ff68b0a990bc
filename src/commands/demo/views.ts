/** The input of `createBoard`: each kind of panel, on the traffic of the month. */
export const BOARD = {
  boardId: 'support-chat',
  name: 'Support chat',
  description: 'What the chat costs, and how long its users wait.',
  panels: [
    {
      title: 'Requests of the chat',
      kind: 'STAT',
      dataset: 'requestLogs',
      measures: ['count', 'errorRate', 'latencyMs.p50', 'latencyMs.p95'],
      filter: { service: { eq: 'support-chat' } },
      width: 12,
    },
    {
      title: 'Cost by model',
      kind: 'TIMESERIES',
      dataset: 'llmCalls',
      measures: ['cost'],
      groupBy: ['model'],
      filter: { service: { eq: 'support-chat' } },
      top: 5,
    },
    {
      title: 'Time until the answer is complete',
      kind: 'HEATMAP',
      dataset: 'llmCalls',
      measures: ['latencyMs'],
      filter: { service: { eq: 'support-chat' } },
    },
    {
      title: 'Models of the chat',
      kind: 'TABLE',
      dataset: 'llmCalls',
      measures: ['count', 'cost', 'errorRate', 'latencyMs.p95'],
      groupBy: ['provider', 'model'],
      filter: { service: { eq: 'support-chat' } },
      orderBy: 'cost',
      top: 10,
      width: 12,
    },
  ],
};

/** Inputs of `createSavedView`. */
export const SAVED_VIEWS = [
  {
    name: 'Failed requests of today',
    description: 'What to read first in the morning.',
    path: '/requests',
    query: 'range=24h&outcome=failed',
    pinned: 1,
  },
  {
    name: 'Costs of a month',
    description: 'Before the invoices of the providers come.',
    path: '/models',
    query: 'range=30d',
    pinned: 2,
  },
];
