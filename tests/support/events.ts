/** Records a request and what belongs to it; `input` has lists of events by dataset. */
export const RECORD_ACTIVITY =
  'mutation ($input: ActivityInput!) { recordActivity(input: $input) { rejected { message } } }';
/** Events as clients send them: the required fields, and those that the test wants. */
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

export function generation(generationId: string, fields: Fields = {}): Fields {
  return { generationId, provider: 'openai', model: 'gpt-4o', kind: 'aws', durationMs: 1000, ...fields };
}

/** An architecture as `saveArchitecture` accepts it. */
export function architecture(generationId: string, fields: Fields = {}): Fields {
  return { generationId, ...broughtArchitecture(fields) };
}

/** An architecture as an event carries it. */
export function broughtArchitecture(fields: Fields = {}): Fields {
  return { name: 'Web shop', spec: { nodes: [{ id: 'lb', type: 'load balancer' }] }, ...fields };
}

export function metricUsage(fields: Fields = {}): Fields {
  return { metricId: 'revenue_total', usedBy: 'sales-dashboard', ...fields };
}

export function agentMetric(agentId: string, fields: Fields = {}): Fields {
  return { agentId, status: 'ACTIVE', ...fields };
}

export function taskEvent(taskId: string, fields: Fields = {}): Fields {
  return { taskId, eventType: 'UPDATED', ...fields };
}

/** A commit whose hash is derived from the number. */
export function gitCommit(number: number, fields: Fields = {}): Fields {
  const commitHash = number.toString(16).padStart(40, '0');
  return { commitHash, message: `Commit ${number}`, branch: 'main', repository: 'acme/shop', ...fields };
}

/** A successful tool call. */
export function toolCall(fields: Fields = {}): Fields {
  return { tool: 'Bash', success: true, ...fields };
}

/** A count of lines unless `fields` say otherwise. */
export function agentUsage(fields: Fields = {}): Fields {
  return { kind: 'LINES_ADDED', amount: 10, ...fields };
}

export function healthSample(fields: Fields = {}): Fields {
  return { overallStatus: 'HEALTHY', ...fields };
}

/** An alert as `raiseAlert` accepts it. */
export function alert(alertId: string, fields: Fields = {}): Fields {
  return { alertId, type: 'SYSTEM', severity: 'WARNING', title: 'The disk is nearly full', ...fields };
}
