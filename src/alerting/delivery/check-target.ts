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
    'be "mailto:" and addresses with commas between them, such as "mailto:ana@acme.example,bo@acme.example", ' +
    'without spaces and without ?subject or the like'
  );
}

const HTTP_URL = /^https?:\/\/[^\s\\]+$/i;

/**
 * The end of the sentence "url must …"; null if it can be called. A host name is resolved only when
 * it is called.
 */
function problemOfUrl(text: string, allowed: AddressSet): string | null {
  const url = HTTP_URL.test(text) && URL.canParse(text) ? new URL(text) : null;
  // The message does not repeat the text: it may be the secret of a channel.
  if (url === null) return 'be an http or https URL such as "https://hooks.example.com/alerts"';
  if (url.username !== '' || url.password !== '') {
    return 'hold no user name and no password: whoever sees the webhook would see them';
  }
  if (text.includes('#')) return 'hold no fragment: it would not be sent';
  // Queries show this in place of a secret url. It leads nowhere.
  if (url.pathname.split('/').includes(MASK)) return 'be the whole URL, with its token';
  const address = hostOf(url);
  if (isIP(address) === 0 || isPublicAddress(address) || allowed.has(address)) return null;
  return `not hold the private address ${address}, unless WEBHOOK_ALLOWED_ADDRESSES of the server allows it`;
}
