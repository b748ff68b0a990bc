/**
 * Three hours of calls with latencies of 100, 200, … per provider; the last call of each provider
 * failed.
 */
export const CALLS = [
  { provider: 'openai', model: 'small', timestamp: '2026-11-22T09:10:00Z', latencyMs: 100, cost: 0.01 },
  { provider: 'openai', model: 'small', timestamp: '2026-11-22T09:20:00Z', latencyMs: 200, cost: 0.02 },
  { provider: 'openai', model: 'large', timestamp: '2026-11-22T10:20:00Z', latencyMs: 300, cost: 0.03 },
  {
    provider: 'openai',
    model: 'large',
    timestamp: '2026-11-22T11:20:00Z',
    latencyMs: 400,
    errorType: 'rate_limit',
    service: 'api',
  },
  { provider: 'anthropic', model: 'medium', timestamp: '2026-11-22T09:30:00Z', latencyMs: 100, cost: 0.05 },
  {
    provider: 'anthropic',
    model: 'medium',
    timestamp: '2026-11-22T11:30:00Z',
    latencyMs: 200,
    errorType: 'timeout',
  },
  { provider: 'mistral', model: 'tiny', timestamp: '2026-11-22T11:40:00Z', latencyMs: 50, statusCode: 500 },
];
