import { isIP } from 'node:net';
import { InvalidArgument } from '../../core/errors.ts';
import { readMailto } from '../../core/mail-address.ts';
import { MASK } from '../../core/mask-secrets.ts';
import {
  type AddressSet,
  createAddressSet,
  hostOf,
  isPublicAddress,
  type Network,
} from '../../core/networks.ts';
import { channelOf } from './channels/channels.ts';

/** The receiver of a webhook, as the client gives it. */
export interface Target {
  readonly kind: string;
  readonly url: string;
}

/** The part of the configuration that decides which receivers are allowed. */
export interface TargetRules {
  /** Private addresses that may be called. */
  readonly webhookAllowedAddresses: readonly Network[];
  /** Null if no mail server is configured. */
  readonly mail: object | null;
}

/**
 * Rejects a receiver that could never be reached.
 *
 * @throws InvalidArgument at `input.url` or `input.kind`.
 */
export function checkTarget({ kind, url }: Target, { webhookAllowedAddresses, mail }: TargetRules): void {
  const byMail = channelOf(kind).transport === 'mail';
  const problem = byMail
    ? problemOfMailto(url)
    : problemOfUrl(url, createAddressSet(webhookAllowedAddresses));
  if (problem !== null) throw new InvalidArgument(`url must ${problem}.`, 'input.url');
  if (!byMail || mail !== null) return;
  throw new InvalidArgument(
    `kind ${kind} needs a mail server: set SMTP_URL and SMTP_FROM in the environment of this server.`,
    'input.kind',
  );
}

/** The end of the sentence "url must …"; null if it is a list of addresses. */
function problemOfMailto(text: string): string | null {
  if (readMailto(text) !== null) return null;
  return (
    'be "mailto:" and addresses separated by commas, such as ' +
    '"mailto:ana@acme.example,bo@acme.example", without spaces and without parameters such as ' +
    '?subject'
  );
}

const HTTP_URL = /^https?:\/\/[^\s\\]+$/i;

/** Names of this machine, whatever name servers say (RFC 6761). */
const THIS_MACHINE = /^(.+\.)?localhost$/;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * The end of the sentence "url must …"; null: it can be called. Other names are looked up only when
 * they are called.
 */
function problemOfUrl(text: string, allowed: AddressSet): string | null {
  const url = HTTP_URL.test(text) && URL.canParse(text) ? new URL(text) : null;
  // The message does not repeat the text: it may be the secret of a channel.
  if (url === null) return 'be an http or https URL such as "https://hooks.example.com/alerts"';
  if (url.username !== '' || url.password !== '') {
    return 'not contain a user name or a password: anyone who sees the webhook would see them';
  }
  if (text.includes('#')) return 'not contain a fragment: it would not be sent';
  // Queries show this in place of a secret url. It leads nowhere.
  if (url.pathname.split('/').includes(MASK)) return 'be the whole URL, with its token';
  // A name may end with dots; the URL has written addresses in their usual form, and names in small
  // letters.
  const address = hostOf(url).replace(/\.+$/, '');
  const isLocal = THIS_MACHINE.test(address) && !LOOPBACK.some((each) => allowed.has(each));
  if (!isLocal && (isIP(address) === 0 || isPublicAddress(address) || allowed.has(address))) return null;
  return `not contain the private address ${address}, unless WEBHOOK_ALLOWED_ADDRESSES of the server allows it`;
}
