import { hash, randomBytes as nodeRandomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

/**
 * The text of an API key: `tlt_`, 43 characters for 256 random bits, and 6 characters of checksum,
 * both in base62. GitHub's tokens have this form
 * (https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/):
 * secret scanners recognize it, and a mistyped key is detected without a database.
 */
const PREFIX = 'tlt_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const RANDOM_BYTES = 32;
/** 62^43 > 2^256, 62^6 > 2^32. */
const RANDOM_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);
/**
 * How many characters of a key are stored and shown: the prefix and eight more of the random part.
 */
const START_LENGTH = PREFIX.length + 8;

/** A new key. Outside tests `randomBytes(size)` must be a cryptographic source. */
export function createKeyText(randomBytes: (size: number) => Uint8Array = nodeRandomBytes): string {
  const body = `${PREFIX}${base62(BigInt(`0x${Buffer.from(randomBytes(RANDOM_BYTES)).toString('hex')}`), RANDOM_LENGTH)}`;
  return body + checksumOf(body);
}

/** Whether the text has the form of an API key. The checksum may be wrong. */
export const hasKeyForm = (text: string): boolean => FORM.test(text);

/** Whether the text is a whole API key: both its form and its checksum are right. */
export function isKeyText(text: string): boolean {
  if (!hasKeyForm(text)) return false;
  const body = text.slice(0, -CHECKSUM_LENGTH);
  return text.endsWith(checksumOf(body));
}

/**
 * Identifies a key to people. It contains 48 of the 256 random bits, so it does not help to guess
 * the key.
 */
export function startOfKey(text: string): string {
  return text.slice(0, START_LENGTH);
}

/**
 * The form in which the database stores a key. A key has 256 random bits, so brute force is
 * hopeless: it needs no salt and no slow hash.
 */
export function digestOfKey(text: string): string {
  return hash('sha256', text, 'hex');
}

function checksumOf(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let rest = value;
  let text = '';
  for (let at = 0; at < length; at++) {
    text = `${DIGITS[Number(rest % 62n)]}${text}`;
    rest /= 62n;
  }
  return text;
}
