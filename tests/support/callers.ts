import type { Access } from '../../src/access/authenticate.ts';
import type { Budgets } from '../../src/access/budgets/budgets.ts';
import { type Caller, NEVER } from '../../src/access/caller.ts';
import { SCOPES, type Scope } from '../../src/access/scopes.ts';

/** The caller of an open server, or one with only these scopes. */
export function callerOf(projectId = 'default', scopes: readonly Scope[] = SCOPES): Caller {
  return { projectId, allProjects: true, scopes: new Set(scopes), keyId: null, signal: NEVER };
}

/** Admits everybody, for tests of what comes after. */
export const openAccess: Access = {
  authenticate: ({ project }) => Promise.resolve(callerOf(project ?? 'default')),
  isOpen: true,
};

/** No quota applies. */
export const noQuotas: Budgets = { accountOf: () => null };
