import { isIP } from 'node:net';
import { InvalidArgument } from '../../core/errors.ts';
import {
  type AddressSet,
  createAddressSet,
  hostOf,
  isPublicAddress,
  type Network,
} from '../../core/networks.ts';
import { isTimeZone } from '../../core/time/zone.ts';
import { ALERT_TYPES } from '../../declarations/alerts/alert-enums.ts';

/**
 * Refuses at once what could never be called, or would never be told of anything. Looks at what is
 * given only.
 *
 * @param allowedAddresses private addresses that the operator allows (WEBHOOK_ALLOWED_ADDRESSES)
 * @throws InvalidArgument at `input.url`, `input.types`, `input.labels` or `input.quietTimeZone`.
 */
export function checkWebhook(
  { url, types = [], labels, quietTimeZone }: Readonly<Record<string, unknown>>,
  allowedAddresses: readonly Network[],
): void {
  if (url !== undefined) checkUrl(String(url), createAddressSet(allowedAddresses));
  checkLabels((labels ?? {}) as object);
  if (quietTimeZone !== undefined && !isTimeZone(String(quietTimeZone))) {
    const wanted = 'a time zone such as "Europe/Berlin" or "+05:30"';
    throw new InvalidArgument(`quietTimeZone must be ${wanted}.`, 'input.quietTimeZone');
  }
  const stranger = (types as readonly string[]).find((type) => !Object.hasOwn(ALERT_TYPES, type));
  if (stranger === undefined) return;
  const known = Object.keys(ALERT_TYPES).join(', ');
  throw new InvalidArgument(`types must be some of ${known}, not "${stranger}".`, 'input.types');
}

function checkLabels(labels: object): void {
  const whole = Object.entries(labels).find(([, value]) => typeof value === 'object' && value !== null);
  if (whole === undefined) return;
  throw new InvalidArgument(
    `labels must be texts, numbers, booleans or null: "${whole[0]}" is none of these.`,
    'input.labels',
  );
}

/** @throws InvalidArgument at `input.quietUntil` unless both ends are there and apart, or none. */
export function checkQuietHours({ quietFrom, quietUntil }: Readonly<Record<string, unknown>>): void {
  if (quietFrom === null && quietUntil === null) return;
  if (quietFrom !== null && quietUntil !== null && quietFrom !== quietUntil) return;
  throw new InvalidArgument(
    'quietFrom and quietUntil must be two different times of day, or both be left out.',
    'input.quietUntil',
  );
}

const HTTP_URL = /^https?:\/\/[^\s\\]+$/i;

function checkUrl(url: string, allowed: AddressSet): void {
  const problem = problemOfUrl(url, allowed);
  if (problem !== null) throw new InvalidArgument(`url must ${problem}.`, 'input.url');
}

/**
 * The end of the sentence "url must …"; null: it can be called. A name is looked up only when it is
 * called.
 */
function problemOfUrl(text: string, allowed: AddressSet): string | null {
  const url = HTTP_URL.test(text) && URL.canParse(text) ? new URL(text) : null;
  // Not repeated: it may be the secret of a channel.
  if (url === null) return 'be an http or https URL such as "https://hooks.example.com/alerts"';
  if (url.username !== '' || url.password !== '') {
    return 'hold no user name and no password: whoever sees the webhook would see them';
  }
  if (text.includes('#')) return 'hold no fragment: it would not be sent';
  const address = hostOf(url);
  if (isIP(address) === 0 || isPublicAddress(address) || allowed.has(address)) return null;
  return `not hold the private address ${address}, unless WEBHOOK_ALLOWED_ADDRESSES of the server allows it`;
}
