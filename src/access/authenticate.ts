import { TelltaleError } from '../core/errors.ts';
import { type Caller, createEither, requireProjectOf } from './caller.ts';
import type { ActiveKey, KeyRing } from './key-ring.ts';
import { DEFAULT_PROJECT } from './projects.ts';
import { SCOPES } from './scopes.ts';

/** What a client presents, however it was sent. */
export interface Credentials {
  /** The text after `Authorization: Bearer`, or of `X-API-Key`. */
  readonly key: string | null;
  /** The project that it names (`Telltale-Project`). Null: the one of its key, or `default`. */
  readonly project: string | null;
}

/** Decides who a client is. All transports use the same one. */
export interface Access {
  /**
   * @throws TelltaleError UNAUTHENTICATED without a valid key, FORBIDDEN or NOT_FOUND for a project
   *   that the key does not open
   */
  authenticate(credentials: Credentials): Promise<Caller>;
  /** Whether requests need no key. */
  readonly isOpen: boolean;
}

export interface AccessOptions {
  readonly ring: Pick<KeyRing, 'find' | 'hasKeys' | 'firstKey' | 'projects' | 'refresh'>;
  /**
   * When requests need no key: always (`AUTH=disabled`), never, or until the first key is made,
   * which is for a server that only its own machine reaches.
   */
  readonly open: 'ALWAYS' | 'UNTIL_FIRST_KEY' | 'NEVER';
}

const ALL_SCOPES = new Set(SCOPES);

export function createAccess({ ring, open }: AccessOptions): Access {
  const either = createEither();
  const isOpen = () => open === 'ALWAYS' || (open === 'UNTIL_FIRST_KEY' && !ring.hasKeys);

  async function authenticate({ key: text, project }: Credentials): Promise<Caller> {
    const key = text === null ? null : await ring.find(text);
    if (key === null && !isOpen()) throw unauthenticated(text);
    if (key !== null && key.projectId !== null) return callerOfOne(key, key.projectId, project);
    const { projectId, end } = await chooseProject(project);
    // Meanwhile the key may have been revoked, or the first one made.
    if (key === null ? !isOpen() : key.signal.aborted) throw unauthenticated(text);
    if (key !== null) {
      const { id: keyId, scopes, trustedDocumentsOnly, signal } = key;
      const rights = { allProjects: true, scopes, trustedDocumentsOnly };
      return { projectId, ...rights, keyId, signal: either(end, signal) };
    }
    // What a client opened without a key ends when the first key is made.
    const signal = open === 'ALWAYS' ? end : either(end, ring.firstKey);
    return { projectId, allProjects: true, scopes: ALL_SCOPES, keyId: null, signal };
  }

  async function chooseProject(wanted: string | null) {
    const projectId = wanted ?? DEFAULT_PROJECT;
    if (!ring.projects.has(projectId)) await ring.refresh();
    const end = ring.projects.get(projectId);
    if (end !== undefined) return { projectId, end };
    throw new TelltaleError(
      'NOT_FOUND',
      `There is no project "${projectId}". \`projects\` lists them, \`createProject\` creates one.`,
    );
  }

  return {
    authenticate,
    get isOpen() {
      return isOpen();
    },
  };
}

/** The caller with a key of one project. The signal of the key covers its project. */
function callerOfOne(key: ActiveKey, projectId: string, wanted: string | null): Caller {
  const { id, scopes, trustedDocumentsOnly, signal } = key;
  const rights = { allProjects: false, scopes, trustedDocumentsOnly };
  const caller: Caller = { projectId, ...rights, keyId: id, signal };
  if (wanted !== null) requireProjectOf(caller, wanted);
  return caller;
}

function unauthenticated(text: string | null): TelltaleError {
  const problem =
    text === null
      ? 'This server needs an API key.'
      : 'The API key is not valid: it is mistyped, expired, revoked or from another server.';
  return new TelltaleError('UNAUTHENTICATED', `${problem} Send it as "Authorization: Bearer tlt_…".`);
}
