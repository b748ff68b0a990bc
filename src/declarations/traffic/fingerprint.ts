import { createHash } from 'node:crypto';

/** `close`: the closing quote, for the patterns that capture it; empty if there is none. */
type Replacement = (match: string, close: unknown) => string;

const ifClosed: Replacement = (match, close) => (close === '' ? match : '<text>');

/**
 * What an apostrophe stands before in words that have lost their beginning: ’tis, ’em, the ’90s;
 * Dutch ’t and ’s. In ’t’ they are quoted.
 */
const ELISION = '(?:tis|twas|twere|till?|cause|em|round|bout|[dkmnst]|\\d\\ds?)(?![\\p{L}\\p{N}’])';

/**
 * Each pattern takes time linear in the length of the message: if a quote is not closed, its
 * pattern continues after the text that it has searched.
 */
const VARIABLE_PARTS: readonly [RegExp, Replacement][] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, () => '<uuid>'],
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?/g, () => '<time>'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, () => '<ip>'],
  [/(["`])(?:(?!\1).)*\1/g, () => '<text>'],
  // “…”, „…“, ”…”, «…», »…« and Chinese and Japanese quotation marks.
  [
    /[“”„][^“”\n]*[“”]|«[^«»\n]*»|»[^«»\n]*«|‹[^‹›\n]*›|›[^‹›\n]*‹|「[^「」\n]*」|『[^『』\n]*』/g,
    () => '<text>',
  ],
  // Swedish and Finnish quote with two closing marks: »…» here, ’…’ below. Between spaces, »
  // divides a path.
  [/(?<![\p{L}\p{N}])»(?=\S)[^»\n]*(?<=\S)»/gu, () => '<text>'],
  // An apostrophe follows a letter (can't, users'); a quote surrounds a value. Python puts one
  // letter before it: b'…'. Beside ‘…’ and ‚…‘, words contain ’.
  [/(?<![\p{L}\p{N}])[bru]?'(?:'(?=[\p{L}\p{N}])|[^'\n])*('?)/giu, ifClosed],
  [/(?<![\p{L}\p{N}])[‘‚](?:’(?=[\p{L}\p{N}])|[^‘‚’\n])*([‘’]?)/gu, ifClosed],
  [
    new RegExp(`(?<![\\p{L}\\p{N}])’(?!${ELISION})(?=\\S)(?:’(?=[\\p{L}\\p{N}])|[^’\\n])*(’?)`, 'giu'),
    ifClosed,
  ],
  [/\b0x[0-9a-f]+\b/gi, () => '<hex>'],
  [/\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b/gi, () => '<hex>'],
  [/\d+(\.\d+)?/g, () => '<number>'],
  [/\s+/g, () => ' '],
];

/**
 * The message without the parts that vary between occurrences of one error: ids, times, addresses,
 * quoted text, numbers.
 */
export function normalizeMessage(message: string): string {
  return VARIABLE_PARTS.reduce(
    (text, [pattern, replacement]) => text.replace(pattern, replacement),
    message,
  ).trim();
}

/** 16 hexadecimal digits, equal for errors with the same type and the same normalized message. */
export function fingerprint(errorType: string, message: string): string {
  return createHash('sha256')
    .update(`${errorType}\n${normalizeMessage(message)}`)
    .digest('hex')
    .slice(0, 16);
}
