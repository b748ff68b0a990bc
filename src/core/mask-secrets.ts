/** What stands where a secret was. */
export const MASK = '***';

/**
 * Secrets that carry a mark of their own, or stand behind a name that says what they are. A repetition is bounded, or over
 * characters that what follows it cannot start with, so the time grows with the length of the text alone. A text may have
 * been cut off in the middle of a secret, so none needs its end.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // PEM private keys, whole or cut off.
  [/-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:[\s\S]*?-----END [A-Z ]{0,30}PRIVATE KEY-----|[\s\S]*)/g, MASK],
  // scheme://user:password@host
  [/\b([a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,200}):[^\s/@]{1,500}@/gi, `$1:${MASK}@`],
  // JSON Web Tokens: header, payload, signature, each base64url; the header starts with {" and so with eyJ.
  [/\beyJ[\w-]{8,}(?:\.[\w-]+){0,2}/g, MASK],
  // Authorization: <scheme> <credentials>, and the bearer scheme wherever it stands. Tokens have digits, prose has none.
  [/(\bauthorization\\?["']?\s{0,5}[=:]\s{0,5}\\?["']?(?:[a-z]{1,20}\s{1,5})?)[\w~+/.=-]{4,}/gi, `$1${MASK}`],
  [/\b(bearer\s{1,5})(?=[a-z~+/._=-]{0,200}\d)[\w~+/.=-]{8,}/gi, `$1${MASK}`],
  // OpenAI, Anthropic, Stripe and others: sk-…, sk_live_…, rk_…
  [/\b[srp]k[-_][\w-]{12,}/g, MASK],
  // GitHub, GitLab, Slack, npm, Hugging Face, Groq, xAI, Replicate, Perplexity
  [/\b(?:gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|xapp-|npm_|hf_|gsk_|xai-|r8_|pplx-)[\w-]{10,}/g, MASK],
  // Google: API keys and OAuth tokens
  [/\bAIza[\w-]{30,}/g, MASK],
  [/\bya29\.[\w-]{10,}/g, MASK],
  // AWS access key ids
  [/\b(?:AKIA|ASIA|AROA|AIDA|AGPA|ANPA)[A-Z0-9]{12,}/g, MASK],
  // password=…, "api_key": "…", AWS_SECRET_ACCESS_KEY=…; quotes may be escaped, as in JSON within JSON.
  [
    /((?:passw(?:or)?d|pwd|passphrase|secret[\w-]{0,30}|token|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|credentials?)\\?["']?\s{0,5}[=:]\s{0,5})(?:\\?"[^"\n]+"?|\\?'[^'\n]+'?|[^\s"'&,;)}\]\\]+)/gi,
    `$1${MASK}`,
  ],
];

/**
 * Replaces secrets in free text: API keys, bearer tokens, passwords, AWS keys, JSON Web Tokens, private keys, credentials
 * in URLs. Names in front of them stay readable. Takes time in proportion to the text.
 */
export function maskSecrets(text: string): string {
  return PATTERNS.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}
