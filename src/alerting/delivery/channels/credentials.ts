import { randomBytes } from 'node:crypto';
import { InvalidArgument } from '../../../core/errors.ts';
import { MASK } from '../../../core/mask-secrets.ts';
import { DAY_MS } from '../../../core/time/units.ts';

/** Where to call, as the client gives it. */
export interface Given {
  readonly url: string;
  readonly secret: string | null;
}

/** What is stored: `url` is shown to every reader, `secret` to nobody. */
export interface Kept {
  readonly url: string;
  readonly secret: string;
}

/** Which part of the address of a kind of channel is secret, and therefore never shown. */
export interface Credentials {
  /**
   * @param present what is stored of the same kind with another url; null if nothing is, or another
   *   kind
   * @throws InvalidArgument at `input.url` or `input.secret`.
   */
  keep(given: Given, present: Kept | null): Kept;
  /** The URL to call. */
  addressOf(kept: Kept): string;
  /** Why the secret cannot be changed alone, as a sentence; null if it can. */
  readonly fixed: string | null;
  /** How long an old secret stays valid beside a new one, in milliseconds. */
  readonly overlapMs: number;
}

const PREFIX = 'whsec_';
const [FEWEST_BYTES, MAX_BYTES] = [24, 64];
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

export const SIGNING_SECRET = `"${PREFIX}" and ${FEWEST_BYTES} to ${MAX_BYTES} random bytes in base64`;

/** A key to sign with, in the format of standardwebhooks.com: the client's, or a new one. */
export const signingSecret: Credentials = {
  keep: ({ url, secret }, present) => ({
    url,
    secret: secret === null ? (present?.secret ?? newSecret()) : checkedSecret(secret),
  }),
  addressOf: ({ url }) => url,
  fixed: null,
  overlapMs: DAY_MS,
};

/** A new signing secret. */
export const newSecret = (): string => `${PREFIX}${randomBytes(FEWEST_BYTES).toString('base64')}`;

function checkedSecret(given: string): string {
  const key = given.startsWith(PREFIX) ? given.slice(PREFIX.length) : '';
  const bytes = BASE64.test(key) && key.length % 4 === 0 ? Buffer.from(key, 'base64').byteLength : 0;
  if (bytes >= FEWEST_BYTES && bytes <= MAX_BYTES) return given;
  // The message does not repeat even a wrong secret.
  throw new InvalidArgument(`secret must be ${SIGNING_SECRET}.`, 'input.secret');
}

/**
 * A key that the receiver issued and the client must provide. It is sent with each call, so whoever
 * changes the URL could read it there. Therefore another URL requires the key again.
 *
 * @param wanted the end of the sentence "secret must be"
 */
export function givenKey(matches: RegExp, wanted: string): Credentials {
  return {
    keep({ url, secret: given }, present) {
      if (given === null && present !== null) {
        throw new InvalidArgument(
          'secret must be given with a new url, because it is sent there.',
          'input.secret',
        );
      }
      if (given !== null && matches.test(given)) return { url, secret: given };
      throw new InvalidArgument(`secret must be ${wanted}.`, 'input.secret');
    },
    addressOf: ({ url }) => url,
    fixed: null,
    overlapMs: 0,
  };
}

/** Anyone who knows the URL can post, so the URL itself is the secret. Only its host is shown. */
export const secretUrl: Credentials = {
  keep({ url, secret }) {
    if (secret !== null) {
      throw new InvalidArgument(
        'secret must be omitted: for this kind, the url is the secret.',
        'input.secret',
      );
    }
    return { url: maskUrl(url), secret: url };
  },
  addressOf: ({ secret }) => secret,
  fixed: 'For this kind, the url is the secret: change it with updateWebhook.',
  overlapMs: 0,
};

/** No secret per webhook: the configuration holds the login of the mail server. */
export const noSecret: Credentials = {
  keep({ url, secret }) {
    if (secret === null) return { url, secret: '' };
    throw new InvalidArgument('secret must be omitted: e-mail needs none.', 'input.secret');
  },
  addressOf: ({ url }) => url,
  fixed: 'E-mail needs no secret.',
  overlapMs: 0,
};

/** The token may be any part of the path or the query, so this masks all of them. */
function maskUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  const last = pathname.split('/').findLast(Boolean) ?? MASK;
  if (last !== MASK) return `${origin}/${MASK}`;
  throw new InvalidArgument('url must be the whole URL, with its token.', 'input.url');
}

/** Anything shorter is an ordinary word of an address, and could occur in any sentence. */
const FEWEST_CHARACTERS = 10;

/** Masks the secret in foreign text. A receiver may repeat it, for example in a redirect. */
export function hideSecret(text: string, secret: string): string {
  return partsOf(secret)
    .filter((part) => part.length >= FEWEST_CHARACTERS)
    .toSorted((one, other) => other.length - one.length)
    .reduce((hidden, part) => hidden.replaceAll(part, MASK), text);
}

/** The secret; for a URL, also everything after its host, and each part of that. */
function partsOf(secret: string): readonly string[] {
  if (!URL.canParse(secret)) return [secret];
  const { href, pathname, search } = new URL(secret);
  const path = pathname.slice(1);
  return [secret, href, path + search, path, ...`${path}${search}`.split(/[/?&=]/)];
}

/** Masks the password of the mail server: as plain text and in the base64 forms of a login. */
export function hidePassword(
  text: string,
  login: { readonly user: string; readonly password: string } | null,
): string {
  if (login === null) return text;
  const { user, password } = login;
  const sent = [password, `\0${user}\0${password}`].map((part) => Buffer.from(part).toString('base64'));
  return [...sent, password].reduce((hidden, part) => hidden.replaceAll(part, MASK), text);
}
