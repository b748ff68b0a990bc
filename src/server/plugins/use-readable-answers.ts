import { type ExecutionResult, GraphQLError } from 'graphql';
import { type Plugin, processRegularResult } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/** The answer to a subscription whose client does not accept a stream. */
export const NEEDS_STREAM = notAcceptable(
  'A subscription needs "accept: text/event-stream", or a WebSocket.',
);
const NEEDS_JSON = notAcceptable(
  'The answer is JSON: send "accept: application/graphql-response+json" or "accept: application/json".',
);

/**
 * Says why no media type of the Accept header fits, and ends a subscription that nobody could read.
 * Yoga would answer with an empty body, and leave the subscription open for good.
 */
export function useReadableAnswers(): Plugin<Context> {
  return {
    async onResultProcess({ result, resultProcessor, setResult, setResultProcessor }) {
      if (resultProcessor !== undefined) return;
      const isStream = result !== undefined && Symbol.asyncIterator in result;
      if (isStream) await result[Symbol.asyncIterator]().return?.();
      setResult(isStream ? NEEDS_STREAM : NEEDS_JSON);
      setResultProcessor(processRegularResult, 'application/json');
    },
  };
}

function notAcceptable(message: string): ExecutionResult {
  const extensions = { code: 'BAD_USER_INPUT', http: { status: 406 } };
  return { errors: [new GraphQLError(message, { extensions })] };
}
