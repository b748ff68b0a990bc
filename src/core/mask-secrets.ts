/** The text that replaces a secret. */
export const MASK = '***';

/**
 * Names of secrets that may be any word, so that only the name in front of them identifies them.
 */
const PASSWORD = 'passw(?:or)?d|pwd|passphrase|secret(?:[-_ ]?key)?';
/** Names of keys that programs generate. */
const KEY = 'api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|credentials?';
/** A word that grammars use as well: "Unexpected token: identifier". */
const TOKEN = 'token';
/**
 * A quoted value. The quotes may be escaped, as in JSON within JSON; the closing one may be cut
 * off.
 */
const QUOTED = String.raw`\\?"[^"\n]+"?|\\?'[^'\n]+'?`;
/** The characters that end a value without quotes. */
const END = String.raw`\s"'&,;)}\]\\`;
const BARE = `[^${END}]+`;
/** Mixed letters and digits, or a long text: not a word of a sentence. */
const STRONG = `(?=[^${END}]{0,100}\\d)(?=[^${END}]{0,100}[a-z])[^${END}]{6,}|[^${END}]{24,}`;
/**
 * A word with nothing after it on its line: matches "password: letmein", not "Invalid password:
 * must be longer".
 */
const ALONE = String.raw`[^${END}]{1,64}(?=$|[\r\n"'&,;)}\]\\]|\s{1,5}$)`;
/** A colon or an equals sign as people write it, but no other operator such as == or =>. */
const STATED = String.raw`\s{0,5}[=:]\s{0,5}(?![=:>~])`;

/**
 * Secrets with a recognisable form, or behind a name that says what they are. Each repetition is
 * bounded, or excludes the characters that the next part can start with, so that the time is linear
 * in the length of the text. No pattern needs the end of a secret, because the text may have been
 * cut off.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // PEM private keys, whole or cut off.
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,30}PRIVATE KEY-----|[\s\S]*)/g, MASK],
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/gi, `$1:${MASK}@`],
  // JSON Web Tokens: header, payload, signature, each base64url; the header starts with {" and so
  // with eyJ.
  [/\beyJ[\w-]{8,}(?:\.[\w-]+){0,2}/g, MASK],
  // Authorization: <scheme> <credentials>, and the bearer scheme anywhere. Tokens have digits,
  // prose has none.
  [/(\bauthorization\\?["']?\s{0,5}[=:]\s{0,5}\\?["']?(?:[a-z]{1,20}\s{1,5})?)[\w~+/.=-]{4,}/gi, `$1${MASK}`],
  [/\b(bearer\s{1,5})(?=[a-z~+/._=-]{0,200}\d)[\w~+/.=-]{8,}/gi, `$1${MASK}`],
  // OpenAI, Anthropic, Stripe and others: sk-…, sk_live_…, rk_… Keys mix letters and digits; names
  // such as sk-learn-pipeline do not.
  [/\b[srp]k[-_](?=[\w-]{0,200}(?:\d[a-z]|[a-z]\d))[\w-]{12,}/gi, MASK],
  // GitHub, GitLab, Slack
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-)[\w-]{10,}/g, MASK],
  // npm, Hugging Face, Groq, xAI, Replicate, Perplexity: one long word; names such as
  // xai-completion-service have several.
  [/\b(?:npm_|hf_|gsk_|xai-|r8_|pplx-)[A-Za-z0-9]{16,}/g, MASK],
  // Google: API keys and OAuth tokens
  [/\bAIza[\w-]{30,}/g, MASK],
  [/\bya29\.[\w-]{10,}/g, MASK],
  // AWS access key ids
  [/\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}/g, MASK],
  // In the query of a URL: ?key=…, &X-Amz-Signature=…
  [
    /([?&;](?:x-(?:amz|goog)-)?(?:(?:subscription-)?key|sig(?:nature)?|auth|jwt|otp|session(?:[-_]?id)?|sid)=)[^\s&#"']+/gi,
    `$1${MASK}`,
  ],
  // password=…, "api_key": "…", AWS_SECRET_ACCESS_KEY=…: the notation of programs, in which
  // anything after the name is the value.
  [
    new RegExp(
      String.raw`((?:${PASSWORD}|${KEY}|${TOKEN})(?:\\?["']\s{0,5}[=:]\s{0,5}|=(?![=>~])))(?:${QUOTED}|${BARE})`,
      'gi',
    ),
    `$1${MASK}`,
  ],
  // password: …, api key = …: the notation of people, also in sentences, so the text after the name
  // must look like a secret.
  [new RegExp(`((?:${PASSWORD})${STATED})(?:${QUOTED}|${STRONG}|${ALONE})`, 'gi'), `$1${MASK}`],
  [new RegExp(`((?:${KEY})${STATED})(?:${QUOTED}|${STRONG})`, 'gi'), `$1${MASK}`],
  [new RegExp(`(${TOKEN}${STATED}\\\\?["']?)(?:${STRONG})`, 'gi'), `$1${MASK}`],
];

/**
 * Matches every text that one of the patterns matches. Most texts do not match it, and cost only
 * this one check.
 */
const HINT =
  /-----BEGIN|:\/\/[^\s/@]{1,710}@|eyJ|[srp]k[-_]|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|npm_|hf_|gsk_|xai-|r8_|pplx-|AIza|ya29|A(?:[KS]IA|ROA|IDA|GPA|NPA)|[?&;][\w-]+=|authorization|bearer|passw|pwd|passphrase|secret|token|key|credential/i;

/**
 * Replaces secrets in free text: API keys, bearer tokens, passwords, AWS keys, JSON Web Tokens,
 * private keys, credentials in URLs. Names in front of them stay readable. Takes linear time.
 */
export function maskSecrets(text: string): string {
  if (!HINT.test(text)) return text;
  return PATTERNS.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}

/** Names of fields whose every value is a secret: "password", "db_passwords", "apiKey". */
const SECRET_NAME = new RegExp(`(?:${PASSWORD}|${KEY}|authorization)s?$`, 'i');
/**
 * Names of fields that may hold a secret, a word of a grammar, or a position in a list:
 * "accessToken", "stopToken", "pageToken".
 */
const TOKEN_NAME = new RegExp(`${TOKEN}s?$`, 'i');
const STRONG_TEXT = new RegExp(`^(?:${STRONG})$`, 'i');

/**
 * Does what `maskSecrets` does for a JSON value and its text. Masks secrets in each string, and
 * every string and number at any depth in a field whose name says that it holds a secret. Returns
 * JSON text.
 */
export function maskJson(value: unknown, text: string): string {
  return HINT.test(text) ? JSON.stringify(maskValue(value)) : text;
}

function maskValue(value: unknown, holds: 'text' | 'token' | 'secret' = 'text'): unknown {
  if (typeof value === 'string') {
    return holds === 'secret' || (holds === 'token' && STRONG_TEXT.test(value)) ? MASK : maskSecrets(value);
  }
  if (typeof value === 'number') return holds === 'secret' ? MASK : value;
  if (Array.isArray(value)) return value.map((item) => maskValue(item, holds));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      maskValue(member, holds === 'secret' || SECRET_NAME.test(name) ? 'secret' : tokenOrText(name)),
    ]),
  );
}

const tokenOrText = (name: string): 'token' | 'text' => (TOKEN_NAME.test(name) ? 'token' : 'text');
