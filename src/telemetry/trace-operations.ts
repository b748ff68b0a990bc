import { type ExecutionArgs, type ExecutionResult, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { type OpenSpan, SPAN_KIND } from './spans.ts';
import { readTraceparent } from './trace-context.ts';
import type { Tracer } from './tracer.ts';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

const LONGEST_NAME = 100;

/**
 * A span for each query and mutation, on all transports. Never contains the text or the variables,
 * which hold data. Comes last, so that it sees what is executed.
 */
export function traceOperations(tracer: Tracer): Plugin {
  function run(execute: Execute, args: ExecutionArgs): ExecutionResult | Promise<ExecutionResult> {
    const operation = getOperationAST(args.document, args.operationName);
    const type = operation?.operation ?? 'query';
    const name = operation?.name?.value.slice(0, LONGEST_NAME);
    const attributes = { 'graphql.operation.type': type, ...(name && { 'graphql.operation.name': name }) };
    const { req } = args.contextValue as { readonly req?: { readonly headers: Headers } };
    const span = {
      ...{ name: name === undefined ? type : `${type} ${name}`, kind: SPAN_KIND.INTERNAL, attributes },
      // For a WebSocket, the request that opened it. Over HTTP, the span of the request is already
      // active.
      caller: readTraceparent(req?.headers.traceparent?.toString()),
    };
    return tracer.span(span, (open) => {
      const result = execute(args);
      return result instanceof Promise ? result.then((value) => ended(open, value)) : ended(open, result);
    });
  }
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args: ExecutionArgs) => run(executeFn, args));
    },
  };
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function ended(open: OpenSpan, result: ExecutionResult): ExecutionResult {
  const [first] = result.errors ?? [];
  open.end(first === undefined ? null : first.message);
  return result;
}
