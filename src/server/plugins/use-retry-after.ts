import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * An answer that is OVERLOADED and nothing else carries the HTTP header Retry-After as well. The
 * status stays 200: the request was well-formed and executed, which is what GraphQL over HTTP gives
 * 2xx for; a 503 would make proxies replace the body that says what was (not) stored.
 */
export function useRetryAfter(): Plugin {
  return {
    onExecutionResult({ result, setResult }) {
      if (result == null || !('errors' in result)) return;
      const seconds = secondsToWait(result);
      if (seconds === null) return;
      const headers = { 'retry-after': String(seconds) };
      setResult({ ...result, extensions: { ...result.extensions, http: { headers } } });
    },
  };
}

/**
 * Whole seconds, rounded up as the header wants it; null when there is an answer in part, or
 * another error.
 */
function secondsToWait({ data, errors = [] }: ExecutionResult): number | null {
  if (errors.length === 0 || Object.values(data ?? {}).some((value) => value !== null)) return null;
  const waits = errors.map(({ extensions }) =>
    extensions['code'] === 'OVERLOADED' ? Number(extensions['retryAfterMs'] ?? 0) : Number.NaN,
  );
  const longest = Math.max(...waits);
  return Number.isNaN(longest) ? null : Math.max(1, Math.ceil(longest / 1000));
}
