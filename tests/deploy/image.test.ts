import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { variables } from '../../src/config/variables.ts';
import { HEALTH_PATHS } from '../../src/server/plugins/use-health-endpoints.ts';
import { filesIn, ROOT, textOf } from './support.ts';

const dockerfile = textOf('deploy/Dockerfile').replaceAll('\\\n', ' ');
const instructions = dockerfile.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const argumentsOf = (name: string) =>
  instructions.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []));
const { engines, dependencies } = JSON.parse(textOf('package.json'));
/** The variables that the image sets: `A=1 B=2`. */
const environment = Object.fromEntries(
  argumentsOf('ENV').flatMap((line) =>
    line
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split('=')),
  ),
);

describe('deploy/Dockerfile', () => {
  it('uses a Node that the project supports', () => {
    const [version = ''] = argumentsOf('ARG').flatMap((line) => /^NODE_VERSION=(\d+)$/.exec(line)?.[1] ?? []);
    const majors = [...engines.node.matchAll(/\^(\d+)/g)].map(([, major]) => Number(major));
    const least = Number(/>=(\d+)/.exec(engines.node)?.[1]);
    expect(majors.includes(Number(version)) || Number(version) >= least).toBe(true);
    for (const image of argumentsOf('FROM')) expect(image).toMatch(/^node:\$\{NODE_VERSION\}-bookworm/);
  });

  it('copies files that exist, and that the context contains', () => {
    const copied = argumentsOf('COPY').flatMap((line) =>
      line.startsWith('--from') ? [] : line.trim().split(/\s+/).slice(0, -1),
    );
    const kept = textOf('deploy/Dockerfile.dockerignore').split('\n');
    expect(copied.length).toBeGreaterThan(5);
    for (const path of copied) {
      expect(existsSync(join(ROOT, path)), path).toBe(true);
      expect(kept, path).toContain(`!${path}`);
    }
  });

  it('sets variables that the server knows, to values that it accepts', () => {
    const { SQLITE_TMPDIR, MALLOC_ARENA_MAX, ...own } = environment;
    expect({ SQLITE_TMPDIR, MALLOC_ARENA_MAX }).toEqual({ SQLITE_TMPDIR: '/data', MALLOC_ARENA_MAX: '2' });
    expect(Object.keys(variables)).toEqual(expect.arrayContaining(Object.keys(own)));
    expect(loadConfig(own)).toMatchObject({ host: '0.0.0.0', databaseUrl: 'file:/data/telltale.db' });
    expect(argumentsOf('EXPOSE')).toEqual([own.PORT]);
  });

  it('runs as a user without privileges, and checks its own readiness', () => {
    expect(argumentsOf('USER')).toEqual(['1000:1000']);
    expect(argumentsOf('HEALTHCHECK')[0]).toContain(`\${process.env.PORT}${HEALTH_PATHS.ready}`);
  });

  it('removes no package that the server imports', () => {
    const left = [...dockerfile.matchAll(/ dependencies\.(\S+)/g)].map(([, name]) => name as string);
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining(left));
    const sources = filesIn('src', '.ts')
      .filter((path) => !path.includes('/generated/'))
      .map(textOf)
      .join('\n');
    for (const name of [...left, 'typescript'])
      expect(sources.includes(`'${name}'`) || sources.includes(`'${name}/`), name).toBe(false);
  });
});
