import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { packageFolder } from '../storage/package-folder.ts';
import { acceptsEncoding } from './accept.ts';
import { VARY } from './cors.ts';

/**
 * The pages of the dashboard: files that the build wrote. They contain no data, so everybody may
 * see them.
 */
export interface Dashboard {
  /** Answers a request for one of the files; false if the path is not one of them. */
  answerFile(request: IncomingMessage, response: ServerResponse, path: string): boolean;
  /**
   * Answers a browser with the page, which shows the content of its address; false for other
   * clients.
   */
  answerPage(request: IncomingMessage, response: ServerResponse): boolean;
  /** The documents that its pages send, by id. */
  documents(): ReadonlyMap<string, string>;
}

/** No dashboard: it is disabled, or was not built. */
export const NO_DASHBOARD: Dashboard = {
  answerFile: () => false,
  answerPage: () => false,
  documents: () => new Map(),
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Compressed at build time, the smallest first. */
const ENCODINGS = [
  { coding: 'br', ending: '.br' },
  { coding: 'gzip', ending: '.gz' },
] as const;

const PAGE = '/index.html';
/** The texts of the documents by id: written by the build (web/documents.ts), and never sent. */
const DOCUMENTS = 'documents.json';
/**
 * A single panel, which pages of other sites may show in a frame. It takes a read token from its
 * address, and never a key.
 */
const EMBED_PATH = '/embed';

/** The page loads from this server only. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

/** @param folder where the build wrote, with index.html; default: dist/web of this package */
export function createDashboard(folder = join(packageFolder(), 'dist', 'web')): Dashboard {
  if (!existsSync(join(folder, PAGE))) return NO_DASHBOARD;

  function send(request: IncomingMessage, response: ServerResponse, { path, type, bodies }: File): void {
    const accepted = request.headers['accept-encoding']?.toString() ?? '';
    const [encoding, body] =
      bodies.find(([name]) => name === null || acceptsEncoding(accepted, name.coding)) ?? [];
    if (encoding === undefined || body === undefined) throw new Error(`There is no ${path}.`);
    const headers = headersOf(path, body.etag);
    if (request.headers['if-none-match'] === body.etag) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'content-type': type,
      'content-length': body.bytes.length,
      ...(encoding && { 'content-encoding': encoding.coding }),
    });
    response.end(request.method === 'HEAD' ? undefined : body.bytes);
  }

  return {
    answerFile(request, response, path) {
      if (!isRead(request) || path === PAGE) return false;
      const file = buildOf(folder).files.get(path);
      if (file !== undefined) send(request, response, file);
      return file !== undefined;
    },
    answerPage(request, response) {
      if (!isRead(request) || !request.headers.accept?.includes('text/html')) return false;
      const page = buildOf(folder).files.get(PAGE);
      if (page === undefined) return false;
      const isEmbedded = request.url?.split('?', 1)[0] === EMBED_PATH;
      const frames = isEmbedded ? '*' : "'none'";
      response.setHeader('content-security-policy', `${POLICY}; frame-ancestors ${frames}`);
      send(request, response, page);
      return true;
    },
    documents: () => buildOf(folder).documents,
  };
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

interface File {
  readonly path: string;
  readonly type: string;
  /** The smallest first, the uncompressed one last. */
  readonly bodies: readonly (readonly [(typeof ENCODINGS)[number] | null, Body])[];
}

interface Body {
  readonly bytes: Buffer;
  readonly etag: string;
}

/** By folder: servers of one process share builds. */
const read = new Map<string, Build>();

interface Build {
  readonly files: ReadonlyMap<string, File>;
  readonly documents: ReadonlyMap<string, string>;
}

/**
 * All files, read at the first request: some 1.5 MB. So a page, its scripts and its documents
 * belong to one build, even if another build runs while the server does.
 */
function buildOf(folder: string): Build {
  const found = read.get(folder) ?? { files: readFiles(folder), documents: readDocuments(folder) };
  read.set(folder, found);
  return found;
}

function readFiles(folder: string): ReadonlyMap<string, File> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const paths = new Set(names.map((name) => `/${name.replaceAll('\\', '/')}`));
  const files = [...paths].flatMap((path): File[] => {
    const type = TYPES[extname(path)];
    if (type === undefined) return [];
    const encodings = ENCODINGS.filter(({ ending }) => paths.has(path + ending));
    const bodies = [...encodings, null].map((encoding) => {
      const bytes = readFileSync(join(folder, path + (encoding?.ending ?? '')));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
      return [encoding, { bytes, etag }] as const;
    });
    return [{ path, type, bodies }];
  });
  return new Map(files.map((file) => [file.path, file]));
}

function readDocuments(folder: string): ReadonlyMap<string, string> {
  const texts: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(folder, DOCUMENTS), 'utf8'));
  return new Map(Object.entries(texts));
}

function headersOf(path: string, etag: string) {
  // Files below /assets have a hash of their content in their name.
  const isFixed = path.startsWith('/assets/');
  return {
    etag,
    'cache-control': isFixed ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: `accept, accept-encoding, ${VARY}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  };
}
