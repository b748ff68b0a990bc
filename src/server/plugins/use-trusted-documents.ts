import type { Plugin } from 'graphql-yoga';
import type { Caller } from '../../access/caller.ts';
import type { Context } from '../../graphql/context.ts';
import type { TrustedDocuments } from '../trusted-documents.ts';

/**
 * Puts the text of a trusted document in place of its id, over HTTP. It comes before all that looks
 * at the document.
 */
export function useTrustedDocuments(documents: TrustedDocuments): Plugin<Context> {
  return {
    onParams({ params, setParams, context }) {
      setParams(documents.resolve(params, (context as { caller: Caller }).caller));
    },
  };
}
