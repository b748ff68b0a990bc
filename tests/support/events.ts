/** Events as clients send them: what is required, and what the test wants. */
type Fields = Readonly<Record<string, unknown>>;

/** A UUID that sorts by its number. */
export function uuidOf(number: number): string {
  return `00000000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`;
}

export function llmCall(fields: Fields = {}): Fields {
  return { provider: 'openai', model: 'gpt-4o-mini', latencyMs: 100, ...fields };
}

export function requestLog(requestId: string, fields: Fields = {}): Fields {
  return { requestId, endpoint: '/chat', method: 'POST', statusCode: 200, latencyMs: 50, ...fields };
}

export function techniqueUsage(fields: Fields = {}): Fields {
  return { techniqueSuite: 'chain-of-thought', potencyLevel: 5, success: true, ...fields };
}

export function errorLog(fields: Fields = {}): Fields {
  return { errorType: 'TimeoutError', errorMessage: 'took too long', ...fields };
}

export function healthSample(fields: Fields = {}): Fields {
  return { overallStatus: 'HEALTHY', ...fields };
}
