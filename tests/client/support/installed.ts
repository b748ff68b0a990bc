import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildClient } from '../../../scripts/prepare/client.mjs';
import { inPackage } from '../../../scripts/prepare/paths.mjs';
import { startProcess, type TelltaleProcess } from '../../support/start-process.ts';

const run = promisify(execFile);

/** An empty project into which the client was installed from its tarball. */
export interface Installed extends AsyncDisposable {
  readonly folder: string;
  /** The paths in the tarball. */
  readonly files: readonly string[];
  /** Writes a file and returns its path. */
  write(name: string, text: string): string;
  /** Starts Node with a file of the project. */
  start(file: string, environment: Record<string, string>): TelltaleProcess;
}

/**
 * Packs the client, and installs it as its users do, without a registry: it has no dependencies.
 */
export async function installClient(): Promise<Installed> {
  await buildClient();
  const folder = mkdtempSync(join(tmpdir(), 'telltale-client-'));
  const env = { PATH: process.env['PATH'], HOME: folder, npm_config_update_notifier: 'false' };
  const npm = (cwd: string, ...args: string[]) => run('npm', args, { cwd, env });
  // `prepack` would consider it fresh.
  const packed = await npm(
    inPackage('client'),
    'pack',
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    folder,
  );
  const [{ filename, files }] = JSON.parse(packed.stdout);
  const write = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write('package.json', '{}');
  await npm(folder, 'install', '--offline', '--no-audit', '--no-fund', join(folder, filename));
  return {
    folder,
    files: files.map(({ path }: { path: string }) => path),
    write,
    start: (file, environment) => startProcess([], environment, { main: join(folder, file), cwd: folder }),
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
