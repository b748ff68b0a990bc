import type { Plugin } from 'graphql-yoga';
import type { Caller } from '../../access/caller.ts';
import type { Context } from '../../graphql/context.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';

/**
 * Replaces the id of a trusted document by its text, over HTTP. Must come before everything that
 * reads the document.
 */
export function useTrustedDocuments(documents: TrustedDocuments): Plugin<Context> {
  return {
    onParams({ params, setParams, context }) {
      setParams(documents.resolve(params, (context as { caller: Caller }).caller));
    },
  };
}
