import { agentEventId, claudeCodeIds } from '../../../../core/coding-agents.ts';
import type { Findings, Line } from '../session-log.ts';
import { known, numberAt, objectAt, textAt, textsOf } from '../values.ts';
import { attributesOf, keyOf, type TimedLine } from './state.ts';

/** A request that failed for good: Claude Code shows its error in place of an answer. */
export function recordFailure(failed: TimedLine, findings: Findings): void {
  const { line, origin } = failed;
  const request = textAt(line, 'requestId');
  const key = keyOf(failed);
  const failure = {
    id: request === undefined ? agentEventId('errorLogs', 'claude-code', key) : claudeCodeIds.error(request),
    errorType: textAt(line, 'error') ?? 'api_error',
    errorMessage: textsOf(objectAt(line, 'message')['content']),
    severity: 'ERROR',
    attributes: known({ ...attributesOf(origin), status: numberAt(line, 'apiErrorStatus') }),
  };
  recordError(failed, failure, findings);
}

/** A request that failed and will be retried. */
export function recordRetry(failed: TimedLine, findings: Findings): void {
  const { line, origin } = failed;
  const error = objectAt(line, 'error');
  const body = objectAt(error, 'error');
  const status = numberAt(error, 'status');
  const failure = {
    id: agentEventId('errorLogs', 'claude-code', keyOf(failed)),
    errorType:
      textAt(objectAt(error, 'cause'), 'code') ?? (status === undefined ? 'api_error' : `http_${status}`),
    errorMessage:
      textAt(error, 'message') ?? textAt(body, 'message') ?? textAt(objectAt(body, 'error'), 'message') ?? '',
    severity: 'WARNING',
    attributes: known({ ...attributesOf(origin), status, attempt: numberAt(line, 'retryAttempt') }),
  };
  recordError(failed, failure, findings);
}

function recordError({ at, origin }: TimedLine, failure: Line, findings: Findings): void {
  const { sessionId, requestId, workspace } = origin;
  const timestamp = new Date(at).toISOString();
  findings.event('errorLogs', known({ ...failure, timestamp, sessionId, requestId }), workspace);
}
