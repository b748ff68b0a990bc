import type { ExecutionArgs } from 'graphql';
import { type Caller, NEVER } from '../../../access/caller.ts';
import { type Context, contextOf, contextOfOperation, type Services } from '../../context.ts';

/**
 * What the result of an event depends on besides the event. Subscriptions for which all of this is
 * equal share the execution. The context of a shared execution contains only this, so nothing else
 * can affect a result.
 */
export interface Sharing {
  /** The parts as text. */
  readonly key: string;
  /** The context of the executions. */
  readonly context: Context;
}

/**
 * The parts of a caller that results may depend on, as JSON. Adding a part forces a decision here.
 */
const PARTS: { readonly [Part in keyof Required<Caller>]: null | ((caller: Caller) => unknown) } = {
  projectId: ({ projectId }) => projectId,
  allProjects: ({ allProjects }) => allProjects,
  scopes: ({ scopes }) => [...scopes].sort(),
  rows: ({ rows }) => (rows === undefined ? null : [...rows]),
  // Applied before an operation runs.
  trustedDocumentsOnly: null,
  dashboardDocuments: null,
  // Identifies one key among those with the same rights.
  keyId: null,
  signal: null,
};

/** Null if the text of the document is not known: then nothing is shared. */
export function sharingOf(
  { document, operationName, variableValues, contextValue }: ExecutionArgs,
  services: Services,
): Sharing | null {
  const text = document.loc?.source.body;
  if (text === undefined) return null;
  const { caller } = contextOfOperation({ contextValue });
  const rights = Object.values(PARTS).map((part) => part?.(caller) ?? null);
  return {
    key: JSON.stringify([text, operationName ?? null, variableValues ?? null, rights]),
    context: contextOf(services, sharedCaller(caller)),
  };
}

/** A caller with only the parts in the key. A resolver that reads another part fails. */
function sharedCaller({ projectId, allProjects, scopes, rows }: Caller): Caller {
  return {
    projectId,
    allProjects,
    scopes,
    ...(rows && { rows }),
    // Each subscriber has its own signal, and the execution belongs to none of them.
    signal: NEVER,
    get keyId(): never {
      throw new Error('An execution that several keys share does not know the key.');
    },
  };
}
