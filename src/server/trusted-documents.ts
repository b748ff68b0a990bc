import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { GraphQLError, parse } from 'graphql';
import type { Caller } from '../access/caller.ts';
import { type ErrorCode, TelltaleError } from '../core/errors.ts';
import { messageOf } from '../core/thrown.ts';

/** What a request may say about its document. The types are not checked yet. */
export interface DocumentParams {
  readonly query?: unknown;
  /** `sha256:` and a hash: see Persisted Documents in the draft of GraphQL over HTTP. */
  readonly documentId?: unknown;
}

/** The documents that the operator trusts. Clients may send them by id. */
export interface TrustedDocuments {
  /** Their texts. */
  readonly texts: ReadonlySet<string>;
  /**
   * The parameters with the text of the document in place of its id.
   *
   * @throws GraphQLError with a status for an invalid or unknown id, and FORBIDDEN for a text if
   *   the caller may send only trusted documents
   */
  resolve<Params extends DocumentParams>(
    params: Params,
    caller: Caller,
  ): Omit<Params, 'documentId' | 'query'> & { query: Params['query'] };
}

const NONE: ReadonlyMap<string, string> = new Map();

/**
 * Through their variables, the documents of the dashboard can query nearly everything. They would
 * defeat the limit of a key to the documents of an app.
 */
const maySendDashboards = ({ trustedDocumentsOnly, dashboardDocuments }: Caller): boolean =>
  trustedDocumentsOnly !== true || dashboardDocuments === true;

const ID = /^sha256:[0-9a-f]{64}$/;

/**
 * Reads a manifest: a JSON object with the text of each document by its id, as the client preset of
 * GraphQL Code Generator writes it (`persistedDocuments`).
 *
 * @param file null if there is none
 * @param ofDashboard the documents of the dashboard, by id; read at the first use
 * @throws TelltaleError that names TRUSTED_DOCUMENTS and what is wrong with the file
 */
export function readTrustedDocuments(
  file: string | null,
  ofDashboard: () => ReadonlyMap<string, string> = () => NONE,
): TrustedDocuments {
  return createTrustedDocuments(file === null ? NONE : readManifest(file), ofDashboard);
}

export function createTrustedDocuments(
  byId: ReadonlyMap<string, string>,
  ofDashboard: () => ReadonlyMap<string, string> = () => NONE,
): TrustedDocuments {
  return {
    texts: new Set(byId.values()),
    resolve({ documentId, query, ...others }, caller) {
      if (documentId === undefined || documentId === null) {
        if (caller.trustedDocumentsOnly && typeof query === 'string') throw onlyTrusted();
        return { ...others, query };
      }
      // graphql-ws requires a text, so an empty one counts as absent.
      if (query) throw refusal(400, 'BAD_USER_INPUT', 'Send `documentId` or `query`, not both.');
      if (typeof documentId !== 'string' || !ID.test(documentId)) throw wrongId();
      const text =
        byId.get(documentId) ?? (maySendDashboards(caller) ? ofDashboard().get(documentId) : undefined);
      if (text === undefined) throw unknown(documentId);
      return { ...others, query: text };
    },
  };
}

function onlyTrusted(): GraphQLError {
  return refusal(
    403,
    'FORBIDDEN',
    'This API key, or the whole server, accepts only trusted documents: send `documentId`, not `query`.',
  );
}

function wrongId(): GraphQLError {
  return refusal(
    400,
    'BAD_USER_INPUT',
    '`documentId` must be "sha256:" and the SHA-256 of the document in 64 lower-case hexadecimal digits.',
  );
}

function unknown(id: string): GraphQLError {
  const message = `There is no trusted document with the id "${id}" (TRUSTED_DOCUMENTS).`;
  return new GraphQLError(message, {
    extensions: { code: 'NOT_FOUND', argument: 'documentId', http: { status: 404 } },
  });
}

function refusal(status: number, code: ErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status } } });
}

function readManifest(file: string): Map<string, string> {
  const broken = (problem: string) =>
    new TelltaleError('BAD_USER_INPUT', `TRUSTED_DOCUMENTS=${file}: ${problem}`);
  let manifest: unknown;
  try {
    manifest = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw broken(messageOf(error));
  }
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) {
    throw broken('must contain a JSON object with the text of each document by its id.');
  }
  const documents = new Map(Object.entries(manifest));
  for (const [id, text] of documents) {
    const problem = problemOf(id, text);
    if (problem !== null) throw broken(`"${id}" ${problem}.`);
  }
  return documents;
}

function problemOf(id: string, text: unknown): string | null {
  if (!ID.test(id)) return 'is not an id: expected "sha256:" and 64 lower-case hexadecimal digits';
  if (typeof text !== 'string') return 'must have the text of the document';
  const hash = createHash('sha256').update(text).digest('hex');
  if (id !== `sha256:${hash}`) return `has a text with a different hash, sha256:${hash}`;
  try {
    parse(text, { noLocation: true });
    return null;
  } catch (error) {
    return `does not parse: ${messageOf(error)}`;
  }
}
