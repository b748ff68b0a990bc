import { SCOPES, type Scope } from './scopes.ts';

/** Who makes a request, and what it may do. */
export interface Caller {
  /** The project that the request reads and writes. */
  readonly projectId: string;
  /** True: the caller may name any project, and manage projects. */
  readonly allProjects: boolean;
  readonly scopes: ReadonlySet<Scope>;
  /** Null on an open server, where a caller needs no key. */
  readonly keyId: string | null;
  /**
   * Aborts when the key is revoked, expires, or loses its project. Its reason is a sentence for the
   * caller. Work that lasts, such as a subscription, ends then.
   */
  readonly signal: AbortSignal;
}

/** ADMIN includes the other scopes: who makes keys could make one that has them. */
export function allows({ scopes }: Pick<Caller, 'scopes'>, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has('ADMIN');
}

/** A signal that never aborts. */
export const NEVER: AbortSignal = new AbortController().signal;

/** The caller of what is public. It may do nothing else. */
export const NOBODY: Caller = {
  projectId: '',
  allProjects: false,
  scopes: new Set(),
  keyId: null,
  signal: NEVER,
};

/** The operator, whose commands run in the process of a server of their own. */
export function operatorOf(projectId: string): Caller {
  return { projectId, allProjects: true, scopes: new Set(SCOPES), keyId: null, signal: NEVER };
}
