import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT } from '../lib/paths.ts';

/** A fresh clone of this repository, without installed packages. */
export interface Clone {
  readonly root: string;
  readonly commit: string;
  /**
   * The environment of a user who has only Node and git: an empty home, an empty npm cache, no
   * settings of the server.
   */
  readonly environment: Readonly<Record<string, string>>;
  remove(): void;
}

/** The variables to keep: for the network, the compiler and the temporary folder. */
const KEPT =
  /^(?:https?_proxy|no_proxy|all_proxy|node_extra_ca_certs|ssl_cert_\w+|cc|cxx|python|tmpdir|temp|tmp|lang|systemroot|comspec|pathext)$/i;

/**
 * Clones the committed files.
 *
 * @throws Error if git fails
 */
export function cloneFresh(): Clone {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-start-'));
  try {
    const root = join(folder, 'telltale');
    const home = join(folder, 'home');
    mkdirSync(home);
    execFileSync('git', ['clone', '--quiet', ROOT, root], { stdio: ['ignore', 'ignore', 'inherit'] });
    const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' });
    return {
      root,
      commit: commit.trim(),
      environment: {
        ...keptEnvironment(),
        PATH: withoutPackages(process.env['PATH'] ?? ''),
        HOME: home,
        USERPROFILE: home,
        npm_config_cache: join(folder, 'npm-cache'),
        HOST: '127.0.0.1',
        PORT: '0',
      },
      remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }),
    };
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function keptEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Removes the folders that npm added for this checkout. */
function withoutPackages(path: string): string {
  return path
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules') && !folder.includes('node-gyp-bin'))
    .join(delimiter);
}

/** Number of packages that npm has recorded as installed. */
export function countInstalled(root: string): number {
  const record = readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8');
  const { packages } = JSON.parse(record) as { packages: Record<string, unknown> };
  return Object.keys(packages).length;
}

const BLOCK_BYTES = 512;

/**
 * Disk usage of a file, or of all files below a folder. If the system does not report it, their
 * size.
 */
export function bytesOnDisk(path: string): number {
  const { size, blocks } = lstatSync(path);
  const own = blocks > 0 ? blocks * BLOCK_BYTES : size;
  if (!lstatSync(path).isDirectory()) return own;
  return readdirSync(path).reduce((sum, name) => sum + bytesOnDisk(join(path, name)), own);
}

/** Size of a SQLite database with its log. */
export function bytesOfDatabase(file: string): number {
  return ['', '-wal', '-shm'].reduce((sum, suffix) => {
    const found = lstatSync(`${file}${suffix}`, { throwIfNoEntry: false });
    return sum + (found?.size ?? 0);
  }, 0);
}
