import type { Plugin } from 'graphql-yoga';
import type { TrustedDocuments } from '../trusted-documents.ts';
import type { TransportContext } from '../yoga.ts';

/**
 * Puts the text of a trusted document in place of its id, over HTTP. It comes before all that looks
 * at the document.
 */
export function useTrustedDocuments(documents: TrustedDocuments): Plugin {
  return {
    onParams({ params, setParams, context }) {
      setParams(documents.resolve(params, (context as TransportContext).caller));
    },
  };
}
