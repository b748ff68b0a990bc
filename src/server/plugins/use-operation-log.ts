import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';

/** What the log says about an operation. Never its variables, because they hold user data. */
export interface OperationFacts {
  readonly operation: string;
  readonly operationName: string | null;
}

/** Remembers the operation of each request, by Node's request object, for its log line. */
export interface OperationLog {
  readonly plugin: Plugin<Context>;
  of(request: object): OperationFacts | undefined;
}

export function createOperationLog(): OperationLog {
  const operations = new WeakMap<object, OperationFacts>();

  const note: NonNullable<Plugin<Context>['onExecute']> & NonNullable<Plugin<Context>['onSubscribe']> = ({
    args,
  }: {
    args: {
      document: Parameters<typeof getOperationAST>[0];
      operationName?: string | null;
      contextValue?: { readonly req?: object };
    };
  }) => {
    const request = args.contextValue?.req;
    const operation = getOperationAST(args.document, args.operationName);
    if (request === undefined || operation == null) return;
    operations.set(request, {
      operation: operation.operation,
      operationName: operation.name?.value ?? null,
    });
  };

  return {
    plugin: { onExecute: note, onSubscribe: note },
    of: (request) => operations.get(request),
  };
}
