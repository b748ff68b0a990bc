import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { startProcess } from '../support/start-process.ts';
import { post } from '../support/start-server.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The environment without the variables that npm set for this test run. */
const ENVIRONMENT = { PATH: process.env['PATH'], HOME: tmpdir(), npm_config_update_notifier: 'false' };

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-package-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('runs as npx telltale in an empty folder', async () => {
    // The tests run the files that were built for them, which `prepack` would consider fresh.
    const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
    const { stdout } = await run('npm', pack, { cwd: ROOT, env: ENVIRONMENT, maxBuffer: 2 ** 24 });
    const [{ filename, files, unpackedSize }] = JSON.parse(stdout);
    const paths = files.map(({ path }: { path: string }) => path);
    expect(paths).toEqual(expect.arrayContaining(['dist/main.js', 'package.json', 'README.md', 'LICENSE']));
    for (const part of ['dist', 'dist/web']) {
      const notices = readFileSync(join(ROOT, part, 'THIRD-PARTY-NOTICES.md'), 'utf8');
      expect(paths).toContain(`${part}/THIRD-PARTY-NOTICES.md`);
      expect(notices).toContain('The above copyright notice and this permission notice shall be included');
      expect(notices).toContain(part === 'dist' ? 'graphql-yoga' : 'preact');
    }
    expect(paths.filter((path: string) => /^(src|tests|scripts|bench)\/|\.map$/.test(path))).toEqual([]);
    expect(unpackedSize).toBeLessThan(10e6);

    await install(filename);
    const npx = (...words: string[]) =>
      run('npx', ['--no-install', 'telltale', ...words], { cwd: folder, env: ENVIRONMENT });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect((await npx('--version')).stdout).toBe(`${version}\n`);

    const main = join(folder, 'node_modules', '.bin', 'telltale');
    await using server = startProcess(['serve'], {}, { main, cwd: folder });
    const graphql = await server.waitUntilListening();
    expect((await post(graphql, { query: '{ health { status } }' })).body).toEqual({
      data: { health: { status: 'HEALTHY' } },
    });
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(existsSync(join(folder, 'data', 'telltale.db'))).toBe(true);
  });

  /** Behaves like npm, but links our packages instead of slowly installing the same ones. */
  async function install(filename: string): Promise<void> {
    const installed = join(folder, 'node_modules', 'telltale');
    mkdirSync(installed, { recursive: true });
    await run('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
    symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
    mkdirSync(join(folder, 'node_modules', '.bin'));
    const { bin } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    await run('chmod', ['+x', join(installed, bin.telltale)]);
    symlinkSync(join('..', 'telltale', bin.telltale), join(folder, 'node_modules', '.bin', 'telltale'));
  }
});
