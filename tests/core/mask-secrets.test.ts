import { expect, test } from 'vitest';
import { maskSecrets } from '../../src/core/mask-secrets.ts';

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U';
const PEM =
  '-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nMIIEow+/IBAAKCAQEA\n-----END RSA PRIVATE KEY-----';

test.each([
  [
    'an OpenAI key',
    'Incorrect API key provided: sk-proj-abcDEF1234567890abcd.',
    'Incorrect API key provided: ***.',
  ],
  ['an Anthropic key', 'invalid x-api-key sk-ant-api03-AbCd_1234-efgh', 'invalid x-api-key ***'],
  ['a Stripe key', 'charge failed with sk_live_51H8abcdefghij', 'charge failed with ***'],
  ['a GitHub token', 'clone with ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'clone with ***'],
  ['a Hugging Face token', 'with hf_abcdefghijklmnopqrstuv', 'with ***'],
  ['a Google key', 'key AIzaSyA1234567890abcdefghijklmnopqrstuv used', 'key *** used'],
  ['a bearer token', 'header Bearer abcdef0123456789 was refused', 'header Bearer *** was refused'],
  ['an authorization header', 'Authorization: Basic dXNlcjpwYXNz', 'Authorization: Basic ***'],
  ['a header in JSON', '{"authorization":"Bearer abc.def-123456"}', '{"authorization":"Bearer ***"}'],
  [
    'a password in a query',
    'https://host/login?user=ann&password=hunter2&next=/',
    'https://host/login?user=ann&password=***&next=/',
  ],
  ['a password in JSON', '{"user":"ann","password":"hunter 2"}', '{"user":"ann","password":***}'],
  ['a password in escaped JSON', '"{\\"password\\":\\"hunter2\\"}"', '"{\\"password\\":***}"'],
  ['a password in YAML', 'password: hunter2', 'password: ***'],
  ['a password in single quotes', "connect(pwd='hunter2')", 'connect(pwd=***)'],
  ['an API key by name', 'api_key = 9f8e7d6c5b4a', 'api_key = ***'],
  ['an AWS key id', 'for AKIAIOSFODNN7EXAMPLE the', 'for *** the'],
  [
    'an AWS secret',
    'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    'AWS_SECRET_ACCESS_KEY=***',
  ],
  ['a JSON Web Token', `expired: ${JWT}`, 'expired: ***'],
  ['a JSON Web Token that was cut off', `expired: ${JWT.slice(0, 40)}`, 'expired: ***'],
  ['a private key', `could not read ${PEM} here`, 'could not read *** here'],
  ['a private key that was cut off', PEM.slice(0, 60), '***'],
  [
    'credentials in a URL',
    'connect to postgresql://app:s3cr3t@db:5432/x failed',
    'connect to postgresql://app:***@db:5432/x failed',
  ],
  ['a password at the end of a line', 'password: letmein\nuser: ann', 'password: ***\nuser: ann'],
  ['a token that people invented', 'the token: 9f8e7d6c5b4a was refused', 'the token: *** was refused'],
  ['a token in quotes', "{ token: 'a1b2c3d4' }", "{ token: '***' }"],
  ['a key in quotes', "{ apiKey: 'abcdefgh' }", '{ apiKey: *** }'],
  [
    'a signature in a query',
    '/files/a.pdf?X-Amz-Signature=abc&size=3&key=def#top',
    '/files/a.pdf?X-Amz-Signature=***&size=3&key=***#top',
  ],
  ['several secrets in one text', 'password=a and token=b', 'password=*** and token=***'],
])('masks %s', (_, text, masked) => {
  expect(maskSecrets(text)).toBe(masked);
});

test.each([
  'The request of 4096 tokens exceeds the limit: max_tokens: 2048',
  'bearer authentication is required',
  'a basic misconfiguration of the token bucket',
  'risk-management-plan-2026 failed at https://example.com:8443/path',
  'xai-completion-service',
  'hf_inference_api',
  'npm_registry_proxy',
  'pplx-proxy-service',
  'sk-learn-pipeline-update',
  'feature/pk_migration_cleanup',
  'secretary: Anna',
  'Unexpected token: identifier',
  'Unexpected token: identifier in JSON at position 12',
  'Unexpected token: "identifier"',
  'Unexpected token: <',
  'Unexpected token: 42',
  'Unexpected token = in the argument list',
  'Invalid password: must be longer than 8 characters',
  'Missing credentials: none were given',
  'unresolved import Token::Identifier',
  'assert(token == identifier)',
  '(token => token.kind)',
  '/products?sort_key=name&page=2',
  'UNIQUE constraint failed: llm_calls.project_id',
  '',
])('does not change %j', (text) => {
  expect(maskSecrets(text)).toBe(text);
});

test('masking twice changes nothing more', () => {
  const once = maskSecrets(`${PEM} password="x" ${JWT} https://a:b@c/`);
  expect(maskSecrets(once)).toBe(once);
});

test.each([
  ['letters', 'a'.repeat(32_000)],
  ['unclosed keys', '-----BEGIN PRIVATE KEY-----'.repeat(1_200)],
  ['unclosed passwords', 'password="'.repeat(3_200)],
  ['unclosed URLs', 'postgresql://a:'.repeat(2_200)],
  ['dashes and dots', 'eyJ.-'.repeat(6_400)],
  ['spaces', `authorization${' '.repeat(31_000)}`],
  ['bearers', 'bearer '.repeat(4_500)],
  ['secrets', 'secret_'.repeat(4_500)],
  ['stated secrets', 'secret:'.repeat(4_500)],
  ['words after tokens', 'token: '.repeat(4_500)],
  ['queries', '?key'.repeat(8_000)],
])(
  'ends on 640,000 characters of %s, on which a quadratic pattern would exceed the time limit',
  (_, text) => {
    expect(maskSecrets(text.repeat(20))).toBeTypeOf('string');
  },
);
