import { errorLog, gitCommit, llmCall, requestLog } from '../../support/events.ts';

export const HOUR = 3_600_000;
export const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();

/** The data that the key of `shop` sees. The tests below look for each number. */
export const activity = () => ({
  requestLogs: [requestLog('r1'), requestLog('r2', { statusCode: 500 }), requestLog('r3')],
  llmCalls: [
    llmCall({
      requestId: 'r1',
      cost: 3,
      promptTokens: 100,
      agentId: 'builder',
      attributes: { team: 'web' },
      tags: { team: 'core' },
    }),
    llmCall({ cost: 1, promptTokens: 20, model: 'gpt-4o', agentId: 'tester', latencyMs: 300 }),
    llmCall({ provider: 'mystery', model: 'm1', promptTokens: 5, agentId: 'builder' }),
    llmCall({ cost: 0, success: false, errorType: 'rate_limit', model: 'gpt-4o', service: 'pay' }),
    llmCall({ cost: 2, promptTokens: 50, timestamp: ago(30 * HOUR) }),
  ],
  errorLogs: [
    errorLog({ service: 'pay', timestamp: ago(2 * HOUR) }),
    errorLog({ service: 'shop', stackTrace: 'at checkout.ts:7', severity: 'CRITICAL' }),
    errorLog({ errorType: 'RangeError', errorMessage: 'too far', severity: 'WARNING' }),
  ],
  toolCalls: [
    { tool: 'Bash', success: false, errorType: 'timeout', agentId: 'builder', sessionId: 's1' },
    { tool: 'Bash', success: true, agentId: 'builder', sessionId: 's1' },
  ],
  gitCommits: [gitCommit(7, { message: 'Retry payments' })],
});
