import { TOKENS } from './by-word.ts';
import type { SecretGroup } from './pattern.ts';
import { STRONG } from './values.ts';

const PRIVATE_KEY = '[A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?';
/** A port, or a placeholder for one in a text such as http://host:${port}/, but not a password. */
const PORT = String.raw`\d{1,5}(?:[/?#,;)\]}]|$)|\$?\{|%[sd]`;
const BEFORE_PASSWORD = String.raw`:\/\/[^\s/:@"'<>[\]]{0,200}:`;
/**
 * An escape in a string of a program or in JSON. The "n" of "\n" does not belong to the word after
 * it.
 */
const ESCAPE = String.raw`\\(?:[bfnrt]|u[0-9a-f]{4})`;

const MARKS = [
  `${BEFORE_PASSWORD}(?!${PORT})`,
  String.raw`:\/\/[0-9a-f]{32}@`,
  ':AA',
  '---- ?BEGIN',
  'Q~',
  'AZDO',
  'JQQJ99',
  String.raw`\.atlasv1\.`,
  String.raw`-us\d`,
  '_(?:KEY|PASS|PW|CREDS|PAT|DSN)=',
  `${ESCAPE}\\w`,
];

/** Secrets with a mark in them that hardly occurs in other text. */
export const SECRETS_BY_MARK: SecretGroup = {
  hint: new RegExp(MARKS.join('|')),
  patterns: [
    {
      name: 'private keys of PEM, OpenSSH, PGP and SSH2, whole or cut off',
      source: 'RFC 7468; RFC 4716; gitleaks: private-key',
      pattern: new RegExp(
        `---- ?-?BEGIN ${PRIVATE_KEY} ?-----?(?:[\\s\\S]*?---- ?-?END ${PRIVATE_KEY} ?-----?|[\\s\\S]*)`,
        'g',
      ),
    },
    {
      name: 'a password in a URL; it may hold @ and /',
      source: 'RFC 3986, 3.2.1; gitleaks: curl-auth-user',
      pattern: new RegExp(`(${BEFORE_PASSWORD})(?!${PORT})(?:(?!:\\/\\/)[^\\s"'<>]){1,500}(?=@)`, 'g'),
    },
    {
      name: 'a password in a URL that was cut off before the @',
      source: 'RFC 3986, 3.2.1',
      pattern: new RegExp(`(${BEFORE_PASSWORD})(?!${PORT}|[^\\s@]{0,500}@)(?:${STRONG})$`, 'g'),
    },
    {
      name: 'the key of a Sentry DSN',
      source: 'docs.sentry.io, "DSN"',
      pattern: /(:\/\/)[0-9a-f]{32}(?=@)/g,
    },
    {
      name: 'an environment variable',
      source: 'gitleaks: generic-api-key',
      pattern: new RegExp(`(_(?:KEY|PASS|PW|CREDS|PAT|DSN)=)(?:${STRONG})`, 'g'),
    },
    {
      name: 'secrets of Microsoft Entra applications',
      source: 'gitleaks: azure-ad-client-secret',
      hint: /\dQ~/,
      pattern: /[\w~.]{3}\dQ~[\w~.-]{10,}/g,
    },
    {
      name: 'tokens of Azure DevOps and keys of Azure services, by their fixed signatures',
      source: 'learn.microsoft.com, "Sensitive information type entity definitions"',
      hint: /AZDO|JQQJ99/,
      pattern: /\b[A-Za-z0-9]{52,76}(?:AZDO|JQQJ99)[A-Za-z0-9+/=]{4,32}/g,
    },
    {
      name: 'tokens of HCP Terraform',
      source: 'gitleaks: hashicorp-tf-api-token',
      hint: /\.atlasv1\./,
      pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{10,}/g,
    },
    {
      name: 'keys of Mailchimp',
      source: 'gitleaks: mailchimp-api-key',
      hint: /[0-9a-f]-us\d/,
      pattern: /\b[0-9a-f]{32}-us\d{1,2}\b/g,
    },
    {
      name: 'tokens of Telegram bots',
      source: 'gitleaks: telegram-bot-api-token',
      hint: /\d:AA/,
      pattern: /\b(\d{5,16}:)AA[\w-]{20,}/g,
    },
    {
      name: 'tokens of providers after an escape sequence',
      source: 'tokens.ts',
      pattern: new RegExp(`(${ESCAPE})${TOKENS}`, 'g'),
    },
  ],
};
