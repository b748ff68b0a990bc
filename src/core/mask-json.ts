import { MASK, maskSecrets, mayHoldSecrets } from './mask-secrets.ts';
import { ACCESS_TOKEN, HEADER, KEY, PASS, PASSWORD, ROW_KEY, TOKEN } from './secrets/names.ts';
import { LONG, STRONG } from './secrets/values.ts';

/** What the name of a field says about its texts and numbers. */
type Held =
  /** They are not secret. */
  | 'text'
  /** Each is a secret. */
  | 'secret'
  /** Each text is a secret. A number is a count. */
  | 'word'
  /** Either a secret, or a word of a grammar, or a position in a list. */
  | 'token'
  /** Either a secret, or the key of a row. */
  | 'rowKey';

const whole = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, 'i');
const ending = (pattern: string): RegExp => new RegExp(`(?:${pattern})$`, 'i');

/** The order matters: `accessToken` is more than a token. */
const NAMES: readonly (readonly [RegExp, Held])[] = [
  [ending(`(?:${PASSWORD}|${PASS}|${KEY}|${HEADER})s?|${ACCESS_TOKEN}`), 'secret'],
  [whole('pass'), 'word'],
  [ending(`${TOKEN}s?`), 'token'],
  [ending(`(?:${ROW_KEY})s?`), 'rowKey'],
];
const SECRET_TEXT: Readonly<Record<'token' | 'rowKey', RegExp>> = {
  token: whole(STRONG),
  rowKey: whole(LONG),
};

/**
 * Does for a JSON value and its text what `maskSecrets` does for text. Masks secrets in each string
 * and in each name of a field. In a field whose name says that it holds a secret, masks every
 * string and number at any depth. Returns JSON text.
 */
export function maskJson(value: unknown, text: string): string {
  return mayHoldSecrets(text) ? JSON.stringify(maskValue(value, 'text')) : text;
}

function maskValue(value: unknown, held: Held): unknown {
  if (typeof value === 'string') return maskText(value, held);
  if (typeof value === 'number') return held === 'secret' ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, held));
  if (typeof value !== 'object' || value === null) return value;
  const names = new Set<string>();
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      maskName(name, names),
      maskValue(member, held === 'secret' ? held : heldBy(name)),
    ]),
  );
}

function maskText(text: string, held: Held): string {
  if (held === 'secret' || held === 'word') return MASK;
  return held !== 'text' && SECRET_TEXT[held].test(text) ? MASK : maskSecrets(text);
}

/** The name without secrets. Names that become equal are numbered, so that no value is lost. */
function maskName(name: string, names: Set<string>): string {
  const masked = maskSecrets(name);
  let free = masked;
  for (let number = 2; names.has(free); number += 1) free = `${masked} (${number})`;
  names.add(free);
  return free;
}

const heldBy = (name: string): Held => NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? 'text';
