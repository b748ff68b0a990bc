import { setMaxListeners } from 'node:events';
import type { Scope } from './scopes.ts';

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

/** A controller whose signal any number of subscriptions may wait for, without a warning. */
export function createEnd(): AbortController {
  const controller = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal);
  return controller;
}

/** A signal that never aborts. */
export const NEVER: AbortSignal = createEnd().signal;

/** The caller of what is public. It may do nothing else. */
export const NOBODY: Caller = {
  projectId: '',
  allProjects: false,
  scopes: new Set(),
  keyId: null,
  signal: NEVER,
};
