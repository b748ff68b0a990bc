import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../graphql/context.ts';
import type { IsIngest } from '../../graphql/events/ingest-operation.ts';
import { tooLarge } from '../limits/body-refusals.ts';

/** Remembers which requests had a body that only ingest may have. */
export interface LargeRequests {
  /** Must be called before the operation runs, with Node's request. */
  note(request: object, bytes: number): void;
  readonly plugin: Plugin<Context>;
}

/**
 * Rejects large bodies of anything but ingest. The kind of an operation is known only after its
 * body was read, so all bodies are read up to the limit for ingest.
 */
export function createLargeRequests(bodyBytes: number, isIngest: IsIngest): LargeRequests {
  const large = new WeakSet<object>();
  return {
    note(request, bytes) {
      if (bytes > bodyBytes) large.add(request);
    },
    plugin: {
      onParams({ params, context }) {
        const { req } = context as { req?: object };
        if (req === undefined || !large.has(req) || isIngest(params)) return;
        const { status, code, message } = tooLarge({ bytes: bodyBytes, variable: 'MAX_BODY_BYTES' });
        throw new GraphQLError(message, { extensions: { code, http: { status } } });
      },
    },
  };
}
