import { setMaxListeners } from 'node:events';
import { TelltaleError } from '../core/errors.ts';
import type { Filter } from '../core/filter.ts';
import { SCOPES, type Scope } from './scopes.ts';

/** Who makes a request, and what it may do. */
export interface Caller {
  /** The project that the request reads and writes. */
  readonly projectId: string;
  /** Whether the caller may name any project, and manage projects. */
  readonly allProjects: boolean;
  readonly scopes: ReadonlySet<Scope>;
  /**
   * Null on an open server, where a caller needs no key. For a read token, the key that created it.
   */
  readonly keyId: string | null;
  /** Whether it may send only trusted documents, by id. */
  readonly trustedDocumentsOnly?: boolean;
  /**
   * Whether it may also send the documents of the dashboard: it has a key, and only the server has
   * the limit.
   */
  readonly dashboardDocuments?: boolean;
  /**
   * Set for a read token, which has no scopes: the datasets whose rows it may read, by name, each
   * with the filter that every read of it must have (`visibleRows`).
   */
  readonly rows?: ReadonlyMap<string, Filter>;
  /**
   * Aborts when the key is revoked, expires, or loses its project. Its reason is a sentence for the
   * caller. Ongoing work, such as a subscription, ends then.
   */
  readonly signal: AbortSignal;
}

/**
 * ADMIN includes the other scopes: a caller that may create keys could create one that has them.
 */
export function allows({ scopes }: Pick<Caller, 'scopes'>, scope: Scope): boolean {
  return scopes.has(scope) || scopes.has('ADMIN');
}

/** A controller whose signal may have any number of listeners without a warning. */
export function createEnd(): AbortController {
  const controller = new AbortController();
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal);
  return controller;
}

/**
 * Creates signals that abort when one of two does. It makes one signal per pair, as long as both
 * are in use.
 */
export function createEither(): (one: AbortSignal, other: AbortSignal) => AbortSignal {
  const made = new WeakMap<AbortSignal, WeakMap<AbortSignal, AbortSignal>>();
  return (one, other) => {
    const ofOne = made.get(one) ?? new WeakMap<AbortSignal, AbortSignal>();
    made.set(one, ofOne);
    let signal = ofOne.get(other);
    if (signal === undefined) {
      signal = AbortSignal.any([one, other]);
      setMaxListeners(Number.POSITIVE_INFINITY, signal);
      ofOne.set(other, signal);
    }
    return signal;
  };
}

/** @throws TelltaleError FORBIDDEN if the caller's key is for one project only */
export function requireAllProjects({ allProjects, projectId }: Caller, field: string): void {
  if (allProjects) return;
  throw new TelltaleError(
    'FORBIDDEN',
    `\`${field}\` needs an API key for all projects. This one is only for the project "${projectId}".`,
  );
}

/**
 * Checks that the caller may manage the project.
 *
 * @throws TelltaleError FORBIDDEN if its key is for another project
 */
export function requireProjectOf({ allProjects, projectId: own }: Caller, projectId: string): void {
  if (allProjects || projectId === own) return;
  throw new TelltaleError('FORBIDDEN', `This API key is only for the project "${own}".`);
}

/** A signal that never aborts. */
export const NEVER: AbortSignal = createEnd().signal;

/** The caller for public operations. It may do nothing else. */
export const NOBODY: Caller = {
  projectId: '',
  allProjects: false,
  scopes: new Set(),
  keyId: null,
  signal: NEVER,
};

/** The operator, whose commands run in their own server process. */
export function operatorOf(projectId: string): Caller {
  return { projectId, allProjects: true, scopes: new Set(SCOPES), keyId: null, signal: NEVER };
}
