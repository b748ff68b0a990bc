import { TelltaleError } from '../core/errors.ts';
import { type Caller, createEither, requireProjectOf } from './caller.ts';
import type { ActiveKey, KeyRing } from './key-ring.ts';
import { DEFAULT_PROJECT } from './projects.ts';
import { isTokenText, type ReadToken, type ReadTokens } from './read-tokens.ts';
import { SCOPES } from './scopes.ts';

/** What a client presents, whatever the transport. */
export interface Credentials {
  /** The text after `Authorization: Bearer`, or that of `X-API-Key`: an API key or a read token. */
  readonly key: string | null;
  /** The requested project (`Telltale-Project`). Null for that of the key, or `default`. */
  readonly project: string | null;
}

/** Identifies clients, for all transports. */
export interface Access {
  /**
   * @throws TelltaleError UNAUTHENTICATED without a valid key, FORBIDDEN or NOT_FOUND for a project
   *   that the key does not permit
   */
  authenticate(credentials: Credentials): Promise<Caller>;
  /** Whether requests need no key. */
  readonly isOpen: boolean;
}

export interface AccessOptions {
  readonly ring: Pick<
    KeyRing,
    'find' | 'findById' | 'hasKeys' | 'firstKey' | 'projects' | 'findProject' | 'refresh'
  >;
  readonly readTokens: Pick<ReadTokens, 'verify'>;
  /**
   * When requests need no key: always (`AUTH=disabled`), never, or until the first key is created,
   * which is for a server that only its own machine can reach.
   */
  readonly open: 'ALWAYS' | 'UNTIL_FIRST_KEY' | 'NEVER';
}

const ALL_SCOPES = new Set(SCOPES);
const NO_SCOPES: Caller['scopes'] = new Set();

export function createAccess({ ring, readTokens, open }: AccessOptions): Access {
  const either = createEither();
  const isOpen = () => open === 'ALWAYS' || (open === 'UNTIL_FIRST_KEY' && !ring.hasKeys);

  async function authenticate({ key: text, project }: Credentials): Promise<Caller> {
    if (text !== null && isTokenText(text)) return callerOfToken(await readTokens.verify(text), project);
    const key = text === null ? null : await ring.find(text);
    // Even if no key is required: a client that sends one relies on the check.
    if (key === null && (text !== null || !isOpen())) throw unauthenticated(text);
    if (key !== null && key.projectId !== null) return callerOfOne(key, key.projectId, project);
    const { projectId, end } = await chooseProject(project);
    // Meanwhile the key may have been revoked, or the first one created.
    if (key === null ? !isOpen() : key.signal.aborted) throw unauthenticated(text);
    if (key !== null) {
      const { id: keyId, scopes, trustedDocumentsOnly, signal } = key;
      const rights = { allProjects: true, scopes, trustedDocumentsOnly };
      return { projectId, ...rights, keyId, signal: either(end, signal) };
    }
    return { projectId, allProjects: true, scopes: ALL_SCOPES, keyId: null, signal: whileOpen(end) };
  }

  /** Whatever a client opened without a key ends when the first key is created. */
  const whileOpen = (end: AbortSignal) => (open === 'ALWAYS' ? end : either(end, ring.firstKey));

  /** A token permits no more than its key does now, and ends with it. */
  async function callerOfToken(token: ReadToken | null, wanted: string | null): Promise<Caller> {
    if (token === null) throw invalidToken();
    const { projectId, keyId, rows } = token;
    const project = await ring.findProject(projectId);
    const maker = keyId === null ? null : await ring.findById(keyId);
    if (project?.createdAt !== token.projectSince) throw invalidToken();
    if (keyId === null ? !isOpen() : maker === null) throw invalidToken();
    const access = maker === null ? whileOpen(project.signal) : either(project.signal, maker.signal);
    const signal = either(token.signal, access);
    const trustedDocumentsOnly = maker?.trustedDocumentsOnly ?? false;
    const rights = { allProjects: false, scopes: NO_SCOPES, trustedDocumentsOnly };
    const caller: Caller = { projectId, ...rights, keyId, signal, rows };
    if (wanted !== null) requireProjectOf(caller, wanted);
    return caller;
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

/** The caller with a key for one project. The signal of the key covers its project. */
function callerOfOne(key: ActiveKey, projectId: string, wanted: string | null): Caller {
  const { id, scopes, trustedDocumentsOnly, signal } = key;
  const rights = { allProjects: false, scopes, trustedDocumentsOnly };
  const caller: Caller = { projectId, ...rights, keyId: id, signal };
  if (wanted !== null) requireProjectOf(caller, wanted);
  return caller;
}

function invalidToken(): TelltaleError {
  return new TelltaleError(
    'UNAUTHENTICATED',
    'The read token is not valid: it has expired, was modified, comes from another server, or the ' +
      'API key that created it no longer works. Get a new one from whoever issued it.',
  );
}

function unauthenticated(text: string | null): TelltaleError {
  const problem =
    text === null
      ? 'This server needs an API key.'
      : 'The API key is not valid: it is mistyped, expired, revoked or from another server.';
  return new TelltaleError('UNAUTHENTICATED', `${problem} Send it as "Authorization: Bearer tlt_…".`);
}
