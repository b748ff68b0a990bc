import { HEADER, KEY, PASS, PASSWORD, ROW_KEY, TOKEN } from './names.ts';
import type { SecretGroup } from './pattern.ts';
import { ALONE, BARE, LONG, QUOTED, STATED, STRONG, WRITTEN } from './values.ts';

/** The pair of a cookie, or an attribute such as HttpOnly. An expiry has spaces and commas. */
const COOKIE = String.raw`(?:expires=[^;"'\\\r\n]{1,40}|[!#$%&*+.^${'`'}|~\w-]{1,200}(?:=[^\s;"'\\]*)?)`;
/**
 * What comes between the name of a header and its value, in HTTP, in code, in JSON and in a list.
 */
const HEADER_ENDS = String.raw`\\?["']?\s{0,5}[=:,]\s{0,5}\[?\s{0,5}\\?["']?`;
const SIGNED = String.raw`(?:digest|aws4-hmac-sha256|signature|hmac[\w-]{0,20})\s{1,5}`;
const SCHEMES = 'basic|bearer|token|apikey|api-key|key|jwt|bot|negotiate|ntlm|sso-key|splunk|genie ?key|hawk';

/** Names in the query of a URL. Elsewhere they have other meanings. */
const QUERY =
  '(?:x-(?:amz|goog)-)?(?:(?:subscription-)?key|sig(?:nature)?|auth|jwt|otp|pass|hmac|session(?:[-_]?id)?|sid)';
const NAMES = `${PASSWORD}|pass|${KEY}|${ROW_KEY}|${TOKEN}|${HEADER}|[?&;]${QUERY}|[?&]code|\\bsig(?:nature)?`;

/** Secrets that follow a name that says what they are. */
export const SECRETS_BY_NAME: SecretGroup = {
  // Looks for the mark first and then back for the name, which takes a third of the time.
  hint: new RegExp(
    `[=:](?<=(?:${NAMES})s?\\\\?["']?(?:\\s|\\\\[nrt]){0,5}.)|,(?<=(?:${HEADER})\\\\?["']\\s{0,5}.)`,
    'i',
  ),
  patterns: [
    {
      name: 'Authorization header with a scheme',
      source: 'RFC 9110, 11.6.2; gitleaks: curl-auth-header',
      pattern: new RegExp(`(\\bauthorization${HEADER_ENDS}(?:${SCHEMES})\\s{1,5})[\\w~+/.=:-]{4,}`, 'gi'),
    },
    {
      name: 'Authorization header of Digest and of signatures',
      source: 'RFC 7616; docs.aws.amazon.com, "Signature Version 4"',
      pattern: new RegExp(`(\\bauthorization${HEADER_ENDS}${SIGNED})[^\\r\\n}]{1,2000}`, 'gi'),
    },
    {
      name: 'Authorization header',
      source: 'RFC 9110, 11.6.2',
      pattern: new RegExp(
        `(\\bauthorization${HEADER_ENDS}(?!${SIGNED})(?:[a-z]{1,20}\\s{1,5})?)(?:${STRONG})`,
        'gi',
      ),
    },
    {
      name: 'Cookie and Set-Cookie headers',
      source: 'RFC 6265; gitleaks: gitlab-session-cookie',
      pattern: new RegExp(
        `(\\b(?:set-)?cookie2?${HEADER_ENDS})(?=[^\\s=;"'\\\\]{1,200}=)${COOKIE}(?:;\\s{0,5}${COOKIE})*`,
        'gi',
      ),
    },
    {
      name: 'in the query of a URL',
      source: 'RFC 6750, 2.3; docs.aws.amazon.com, "Signature Version 4"; learn.microsoft.com, "service SAS"',
      pattern: new RegExp(`([?&;]${QUERY}=)[^\\s&#"']+`, 'gi'),
    },
    {
      name: 'a code or a signature',
      source: 'RFC 6749, 4.1.2; learn.microsoft.com, "Azure Functions access keys"',
      pattern: new RegExp(`((?:[?&]code|\\bsig(?:nature)?)=)(?:${LONG})`, 'gi'),
    },
    {
      name: 'a password with spaces in a connection string',
      source: 'learn.microsoft.com, "Connection string syntax"',
      pattern: /(;\s{0,3}(?:password|pwd)\s{0,3}=\s{0,3})(?:\{[^}\n]{1,200}\}?|[^;"'{\n]{1,200}(?=;))/gi,
    },
    {
      name: 'a name and a value as programs write them',
      source: 'gitleaks: generic-api-key',
      pattern: new RegExp(`((?:${PASSWORD}|${PASS}|${KEY}|${TOKEN})${WRITTEN})(?:${QUOTED}|${BARE})`, 'gi'),
    },
    {
      name: 'a password as people write it',
      source: 'gitleaks: generic-api-key',
      pattern: new RegExp(`((?:${PASSWORD}|${PASS})${STATED})(?:${QUOTED}|${STRONG}|${ALONE})`, 'gi'),
    },
    {
      name: '"pass" by itself',
      source: 'gitleaks: generic-api-key',
      pattern: new RegExp(`(\\bpass${STATED}\\\\?["']?)(?:${STRONG})`, 'gi'),
    },
    {
      name: 'a key as people write it',
      source: 'gitleaks: generic-api-key',
      pattern: new RegExp(`((?:${KEY})${STATED})(?:${QUOTED}|${STRONG})`, 'gi'),
    },
    {
      name: 'a key that may be the key of a row',
      source: 'learn.microsoft.com, "Configure Azure Storage connection strings"',
      pattern: new RegExp(`((?:${ROW_KEY})\\\\?["']?${STATED}\\\\?["']?)(?:${LONG})`, 'gi'),
    },
    {
      name: 'a token as people write it',
      source: 'gitleaks: generic-api-key',
      pattern: new RegExp(`(${TOKEN}${STATED}\\\\?["']?)(?:${STRONG})`, 'gi'),
    },
  ],
};
