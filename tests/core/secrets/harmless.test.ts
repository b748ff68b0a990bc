import { expect, test } from 'vitest';
import { maskJson } from '../../../src/core/mask-json.ts';
import { maskSecrets } from '../../../src/core/mask-secrets.ts';

/** The bytes of an image, in base64. */
const IMAGE = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA${Buffer.from(Array.from({ length: 6_000 }, (_, i) => (i * 7919 + ((i * i) % 251)) & 255)).toString('base64')}`;

const TEXTS: readonly string[] = [
  // Prose
  'The key: stay calm and retry with backoff.',
  'A cookie: small, sweet and round.',
  'The cookie: none was sent by the browser',
  'Authorization: required for this route',
  'authorization: the header is missing',
  'bearer authentication is required',
  'Basic authentication is switched off',
  'Basic understanding of transformers helps',
  'Token usage: 4096 of 8192',
  'Cut the pass: it scored 3 of 5',
  'passed 12, failed 3, pass=12 fail=3',
  'pass: 12 of 15',
  'secretary: Anna',
  'See section 3.2: passwords must have 12 characters.',
  'Your session: 12 minutes',
  'She said: "the secret of good bread is time"',
  'A monkey: 3 bananas',
  'Ask @ann or mail ann@example.com',
  'At 12:30 we met at http://localhost:3000/@ann',
  // Programs
  'TypeError: Cannot read properties of undefined (reading "key")\n    at load (/srv/app/src/key.ts:118:23)',
  'at Object.<anonymous> (node:internal/modules/cjs/loader:1376:14)',
  'Caused by: java.lang.IllegalStateException: token == null\n\tat com.acme.auth.TokenFilter.doFilter(TokenFilter.java:42)',
  'File "/usr/lib/python3/dist-packages/requests/auth.py", line 147, in __call__',
  "KeyError: 'partition_key'",
  'Duplicate entry for key users.email_unique',
  'UNIQUE constraint failed: llm_calls.project_id',
  'SELECT id, token_count FROM llm_calls WHERE sort_key = $1 ORDER BY created_at LIMIT 50',
  "INSERT INTO keys (primary_key, name) VALUES (1, 'a')",
  'UPDATE users SET password_changed_at = now() WHERE id = 7',
  'const [token] = tokens; if (token === end) return;',
  'for (const key of Object.keys(row)) row[key] ??= null',
  'map.get(key) => { key: value }',
  '<input type="password" name="q">',
  'error TS2339: Property "token" does not exist on type "Node".',
  'docker run --user 1000:1000 -p 8080:80 app:1.2',
  'git commit -m "Rename the key" && git push origin main',
  'npm_config_registry_proxy_settings and npm_registry_proxy',
  // Identifiers
  '0198c1a0-5a5e-7cc3-9e0c-6a2d1f0b7e11',
  'request 9f86d081-884c-4d65-9a2f-eaa0c55ad015 took 83 ms',
  'commit 8f53693a1b2c3d4e5f60718293a4b5c6d7e8f901',
  'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==',
  'etag "33a64df551425fcc55e4d42a148795d9f25f89d4"',
  'traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'arn:aws:iam::123456789012:role/service-role',
  'AC00000000000000000000000000000000 is an account of Twilio',
  'i-0abcd1234ef567890 in eu-west-1a',
  'order SK-2026-000123, part A3-42',
  'urn:uuid:0198c1a0-5a5e-7cc3-9e0c-6a2d1f0b7e11',
  IMAGE,
  // Models
  'claude-opus-4-1-20250805',
  'gpt-4o-mini-2024-07-18 at 0.7',
  'anthropic.claude-3-5-sonnet-20241022-v2:0',
  'meta-llama/Llama-3.3-70B-Instruct-Turbo',
  'mistralai/Mixtral-8x7B-Instruct-v0.1',
  'sk-learn-pipeline-update',
  'xai-completion-service',
  'hf_inference_api and pplx-proxy-service',
  'NousResearch.gpt.something_longer_than_that',
  // Paths and URLs
  '/srv/app/src/secrets/by-name.ts',
  'C:\\Users\\ann\\keys\\readme.txt',
  '/opt/tokens/sk_buff/pk_migration/re_index',
  'https://example.com:8443/path?page=2&sort_key=name',
  'https://unpkg.com:443/@scope/package@1.2.3/index.js',
  'http://[::1]:8080/@vite/client',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a place in a text of somebody else
  'http://${HOST}:${PORT}/@me and http://host:%d/a@b and https://u:{password}@h',
  'git@github.com:acme/shop.git',
  'ssh://git@github.com:22/acme/shop.git#v1@2',
  'file:///C:/a@b.txt',
  'postgres://db:5432/orders?sslmode=require',
  'https://hooks.slack.com/docs',
  'https://discord.com/channels/123456789012/345',
  'https://api.telegram.org/',
  'oauth callback ?code=404&state=ok',
  // Metrics
  'http_requests_total{method="GET",code="200"} 1027 1395066363000',
  'p50=12ms p95=80ms tokens=512 max_tokens: 2048',
  'cpu=0.42;mem=512MB;passrate=0.98',
  'cache_key_hits: 12, keys: 45, key=12',
  'region eu-us1 and ap-us2',
  '-----BEGIN CERTIFICATE-----\nMIID\n-----END CERTIFICATE-----',
  '-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----',
  '-----BEGIN PGP PUBLIC KEY BLOCK-----\nmQ\n-----END PGP PUBLIC KEY BLOCK-----',
  'bash: curl: command not found\nuser: ann',
  '',
];

test('there are many harmless texts', () => {
  expect(new Set(TEXTS).size).toBeGreaterThan(80);
});

test.each(TEXTS)('does not change %j', (text) => {
  expect(maskSecrets(text)).toBe(text);
  const json = JSON.stringify({ note: text });
  expect(maskJson({ note: text }, json)).toBe(json);
});
