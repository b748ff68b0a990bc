import { compileTokens } from './compile-tokens.ts';
import type { SecretGroup } from './pattern.ts';
import { TOKEN_FORMS } from './tokens.ts';

/** The tokens of providers, as one regular expression. */
export const TOKENS = compileTokens(TOKEN_FORMS);
const OTHER_WORDS =
  String.raw`hooks\.(?:slack|zapier)|discord(?:app)?\.com|webhook\.office|api\.telegram|events\.pagerduty|jdbc:oracle|` +
  'PuTTY-User|[Bb]earer|BEARER|[Bb]asic|curl';

/** Secrets that begin with a word that says whose they are. */
export const SECRETS_BY_WORD: SecretGroup = {
  hint: new RegExp(`\\b(?:${TOKENS}|${OTHER_WORDS})`),
  patterns: [
    { name: 'tokens of providers', source: 'tokens.ts', pattern: new RegExp(`\\b${TOKENS}`, 'g') },
    {
      name: 'bearer tokens. Tokens have digits, prose has none',
      source: 'RFC 6750',
      pattern: /\b(bearer\s{1,5})(?=[a-z~+/._=-]{0,200}\d)[\w~+/.=-]{8,}/gi,
    },
    {
      name: 'credentials of the basic scheme',
      source: 'RFC 7617',
      pattern:
        /\b([Bb]asic\s{1,5})(?=[A-Za-z0-9+/]{0,60}(?:[A-Za-z]\d[A-Za-z]|[A-Z][A-Za-z0-9+/]{0,3}={1,2}(?![\w=])))[A-Za-z0-9+/]{12,}={0,2}/g,
    },
    {
      name: 'the user of curl',
      source: 'gitleaks: curl-auth-user',
      pattern: /(\bcurl(?=\s)[^\r\n]{0,200}?\s(?:-u|--user)[ =]?["']?[^\s:"']{1,100}:)[^\s"']{1,200}/g,
    },
    {
      name: 'webhook URLs of Slack and Zapier',
      source: 'gitleaks: slack-webhook-url; docs.zapier.com',
      pattern:
        /(\bhooks\.(?:slack\.com\/(?:services|workflows|triggers)|zapier\.com\/hooks\/catch)\/)[\w/-]{6,}/g,
    },
    {
      name: 'webhook URLs of Discord',
      source: 'discord.com/developers, "Webhook"',
      pattern: /(\bdiscord(?:app)?\.com\/api\/(?:v\d{1,2}\/)?webhooks\/\d{5,25}\/)[\w-]{6,}/g,
    },
    {
      name: 'webhook URLs of Microsoft Teams',
      source: 'gitleaks: microsoft-teams-webhook',
      pattern: /(\bwebhook\.office\.com\/webhookb2\/)[\w@/-]{8,}/g,
    },
    {
      name: 'bot URLs of Telegram',
      source: 'core.telegram.org/bots/api',
      pattern: /(\bapi\.telegram\.org\/(?:file\/)?bot\d{5,15}(?::|%3A))[\w-]{6,}/g,
    },
    {
      name: 'integration URLs of PagerDuty',
      source: 'developer.pagerduty.com, "Events API v1"',
      pattern: /(\bevents\.pagerduty\.com\/integration\/)[0-9a-f]{12,}/g,
    },
    {
      name: 'the JDBC URL of Oracle',
      source: 'docs.oracle.com, "Data Sources and URLs"',
      pattern: /(\bjdbc:oracle:\w{1,10}:[^\s/@:]{1,100}\/)[^\s@]{1,200}(?=@)/g,
    },
    {
      name: 'private keys of PuTTY',
      source: 'the.earth.li/~sgtatham/putty, appendix C',
      pattern: /(\bPuTTY-User-Key-File-\d: )[\s\S]*/g,
    },
  ],
};
