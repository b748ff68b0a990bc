import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { ErrorCode } from '../../core/errors.ts';
import type { Context } from '../../graphql/context.ts';
import { codeOfError } from '../../graphql/errors.ts';
import type { Instruments } from '../../metrics/instruments.ts';

/**
 * Counts the operations of all transports. Comes first, so that it sees what other plugins reject;
 * the codes of errors are those that the client gets.
 */
export function useOperationMetrics({ operation: count }: Pick<Instruments, 'operation'>): Plugin<Context> {
  return {
    onParse:
      () =>
      ({ result }) => {
        if (result instanceof Error) count('invalid', 'BAD_USER_INPUT', null);
      },
    onValidate:
      () =>
      ({ valid }) => {
        if (!valid) count('invalid', 'BAD_USER_INPUT', null);
      },
    onExecute({ args }) {
      const started = performance.now();
      return {
        onExecuteDone({ result }) {
          const code = Symbol.asyncIterator in result ? 'OK' : codeOf(result);
          count(typeOf(args), code, (performance.now() - started) / 1000);
        },
      };
    },
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result }) {
        count(typeOf(args), Symbol.asyncIterator in result ? 'OK' : codeOf(result), null);
      },
    }),
  };
}

function typeOf({ document, operationName }: Pick<ExecutionArgs, 'document' | 'operationName'>) {
  return getOperationAST(document, operationName)?.operation ?? 'invalid';
}

function codeOf({ errors = [] }: ExecutionResult): ErrorCode | 'OK' {
  const [first] = errors;
  return first === undefined ? 'OK' : codeOfError(first);
}
