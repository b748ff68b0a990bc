import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { packageFolder } from '../storage/package-folder.ts';
import { acceptsEncoding } from './accept.ts';
import { VARY } from './cors.ts';

/** The pages of the dashboard: files that were built into a folder. They have no data, so everybody may see them. */
export interface Dashboard {
  /** Answers a request for one of the files; false if the path is none of them. */
  answerFile(request: IncomingMessage, response: ServerResponse, path: string): boolean;
  /** Answers a browser with the page, which shows what belongs to its address; false for other clients. */
  answerPage(request: IncomingMessage, response: ServerResponse): boolean;
}

/** No dashboard: none is wanted, or none was built. */
export const NO_DASHBOARD: Dashboard = { answerFile: () => false, answerPage: () => false };

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Compressed when they were built, the smallest first. */
const ENCODINGS = [
  { name: 'br', ending: '.br' },
  { name: 'gzip', ending: '.gz' },
] as const;

const PAGE = '/index.html';
/** One panel, which pages of other sites may show in a frame. It takes a read token from its address and no key. */
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

/** @param folder where the build has written, with index.html; default: dist/web of this package */
export function createDashboard(folder = join(packageFolder(), 'dist', 'web')): Dashboard {
  if (!existsSync(join(folder, PAGE))) return NO_DASHBOARD;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = new Set(names.map((name) => `/${name.replaceAll('\\', '/')}`));
  const contents = new Map<string, Buffer>();

  /** Kept once read: all files together are less than a megabyte. */
  function read(path: string): Buffer {
    const found = contents.get(path) ?? readFileSync(join(folder, path));
    contents.set(path, found);
    return found;
  }

  function send(request: IncomingMessage, response: ServerResponse, path: string): void {
    const accepted = request.headers['accept-encoding']?.toString() ?? '';
    const encoding = ENCODINGS.find(
      ({ name, ending }) => files.has(path + ending) && acceptsEncoding(accepted, name),
    );
    const body = read(path + (encoding?.ending ?? ''));
    const headers = headersOf(path, read(path));
    if (request.headers['if-none-match'] === headers.etag) {
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(200, {
      ...headers,
      'content-type': TYPES[extname(path)],
      'content-length': body.length,
      ...(encoding && { 'content-encoding': encoding.name }),
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  return {
    answerFile(request, response, path) {
      if (!isRead(request) || path === PAGE || !files.has(path) || !(extname(path) in TYPES)) return false;
      send(request, response, path);
      return true;
    },
    answerPage(request, response) {
      if (!isRead(request) || !request.headers.accept?.includes('text/html')) return false;
      const isEmbedded = request.url?.split('?', 1)[0] === EMBED_PATH;
      response.setHeader(
        'content-security-policy',
        `${POLICY}; frame-ancestors ${isEmbedded ? '*' : "'none'"}`,
      );
      send(request, response, PAGE);
      return true;
    },
  };
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

function headersOf(path: string, content: Buffer) {
  // Files below /assets have the hash of their content in their name.
  const isFixed = path.startsWith('/assets/');
  return {
    etag: `"${createHash('sha256').update(content).digest('base64url').slice(0, 27)}"`,
    'cache-control': isFixed ? 'public, max-age=31536000, immutable' : 'no-cache',
    vary: `accept, accept-encoding, ${VARY}`,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
  };
}
