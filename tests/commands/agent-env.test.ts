import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';

describe('telltale agent-env', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "it's, a folder-"));
    const git = (...words: string[]) => execFileSync('git', ['-C', folder, ...words], { stdio: 'ignore' });
    git('init', '--initial-branch=fix/a b=1'.replace(' ', '-'));
    git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  /** The variables of a shell after it has evaluated the output. */
  async function shell(words: readonly string[], environment: Record<string, string> = {}) {
    const { stdout, stderr, code } = await runCommand(['agent-env', ...words], environment);
    expect(code).toBe(0);
    const script = `${stdout}\nenv -0`;
    const text = execFileSync('sh', ['-c', script], { env: { PATH: process.env['PATH'] }, encoding: 'utf8' });
    const pairs = text
      .split('\0')
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]);
    return { stdout, stderr, variables: Object.fromEntries(pairs) as Record<string, string> };
  }

  it('reports repository, branch, agent and task, and keeps what was set', async () => {
    const before = { OTEL_RESOURCE_ATTRIBUTES: 'team=search,branch=old', TELLTALE_API_KEY: '' };
    const { variables } = await shell([`--repo=${folder}`, "--agent=Ada's", '--task=TASK 42,b'], before);
    expect(variables['OTEL_RESOURCE_ATTRIBUTES']).toBe(
      "team=search,repo=acme/shop,branch=fix/a-b%3D1,agent.id=Ada's,task.id=TASK%2042%2Cb",
    );
    expect(variables['OTEL_EXPORTER_OTLP_ENDPOINT']).toBeUndefined();
  });

  it('keeps nothing from an earlier call for another repository or task', async () => {
    const before = {
      OTEL_RESOURCE_ATTRIBUTES: 'repo=a/b,branch=main,team=search, agent.id=eve ,task.id=TASK-1',
    };
    const { variables } = await shell([`--repo=${tmpdir()}`, '--agent=ada'], before);
    expect(variables['OTEL_RESOURCE_ATTRIBUTES']).toBe('team=search,agent.id=ada');
  });

  it.each([
    [['--url=https://t.example/graphql/'], {}, 'https://t.example'],
    [['--url=https://t.example/base/'], { TELLTALE_URL: 'https://other.example' }, 'https://t.example/base'],
    [[], { TELLTALE_URL: 'https://t.example/base/graphql' }, 'https://t.example/base'],
    [[], { TELLTALE_URL: '', HOST: '::1', PORT: '4100' }, 'http://[::1]:4100'],
  ])('sends to the server of %j with %j', async (words, environment, expected) => {
    const { variables } = await shell(['--claude', ...words], environment);
    expect(variables['OTEL_EXPORTER_OTLP_ENDPOINT']).toBe(expected);
  });

  it('says that there is no repository, and names the user and the machine', async () => {
    const { variables, stderr } = await shell([`--repo=${tmpdir()}`]);
    expect(stderr).toContain('No repository and no branch');
    expect(variables['OTEL_RESOURCE_ATTRIBUTES']).toMatch(/^agent\.id=.+@.+$/);
  });

  it('prints everything that the tools need', async () => {
    const key = { TELLTALE_API_KEY: 'tlt_secret', PORT: '4100' };
    const { variables, stdout, stderr } = await shell(['--claude', '--gemini', '--codex'], key);
    expect(stderr).not.toContain('TELLTALE_API_KEY');
    expect(variables).toMatchObject({
      CLAUDE_CODE_ENABLE_TELEMETRY: '1',
      OTEL_LOGS_EXPORTER: 'otlp',
      OTEL_METRICS_EXPORTER: 'otlp',
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/protobuf',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4100',
      OTEL_EXPORTER_OTLP_HEADERS: 'Authorization=Bearer%20tlt_secret',
      OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE: 'delta',
      GEMINI_TELEMETRY_ENABLED: 'true',
      GEMINI_TELEMETRY_OTLP_PROTOCOL: 'http',
      GEMINI_TELEMETRY_OTLP_ENDPOINT: 'http://127.0.0.1:4100',
    });
    expect(stdout).not.toContain('codex');
    expect(stderr).toContain(`~/.codex/config.toml, which only you should be able to read:

[otel]
exporter = { otlp-http = { endpoint = "http://127.0.0.1:4100/v1/logs", protocol = "binary", headers = { "Authorization" = "Bearer tlt_secret" } } }
log_user_prompt = false
`);
  });

  it('refuses an invalid address, and warns without a key', async () => {
    const wrong = await runCommand(['agent-env', '--url=telltale']);
    expect(wrong).toMatchObject({ stderr: expect.stringContaining('--url: telltale is not an http URL') });
    expect(wrong.code).not.toBe(0);
    const named = await runCommand(['agent-env', '--claude'], { TELLTALE_URL: 'telltale' });
    expect(named.stderr).toContain('TELLTALE_URL: telltale is not an http URL');
    const { stderr } = await shell(['--claude', '--url=https://t.example/'], { TELLTALE_API_KEY: '' });
    expect(stderr).toContain('TELLTALE_API_KEY is not set');
  });
});
