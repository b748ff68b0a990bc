import type { ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/**
 * Adds the HTTP header Retry-After to a response whose only errors say when to try again. If all of
 * them are RATE_LIMITED, the status is 429, which clients understand. For OVERLOADED it stays 200,
 * because GraphQL over HTTP uses 2xx for a well-formed request that was executed. A 503 could make
 * proxies replace the body, which says what was stored.
 */
export function useRetryAfter(): Plugin<Context> {
  return {
    onExecutionResult({ result, setResult }) {
      if (result == null || !('errors' in result)) return;
      const seconds = secondsToWait(result);
      if (seconds === null) return;
      const isLimited = result.errors?.every(({ extensions }) => extensions['code'] === 'RATE_LIMITED');
      const http = { headers: { 'retry-after': String(seconds) }, ...(isLimited && { status: 429 }) };
      setResult({ ...result, extensions: { ...result.extensions, http } });
    },
  };
}

const TO_RETRY: ReadonlySet<unknown> = new Set(['OVERLOADED', 'RATE_LIMITED']);

/**
 * Seconds to wait, rounded up to whole ones as the header requires. Null if the response has data
 * or another error.
 */
function secondsToWait({ data, errors = [] }: ExecutionResult): number | null {
  if (errors.length === 0 || Object.values(data ?? {}).some((value) => value !== null)) return null;
  const waits = errors.map(({ extensions }) =>
    TO_RETRY.has(extensions['code']) ? Number(extensions['retryAfterMs'] ?? 0) : Number.NaN,
  );
  const longest = Math.max(...waits);
  return Number.isNaN(longest) ? null : Math.max(1, Math.ceil(longest / 1000));
}
