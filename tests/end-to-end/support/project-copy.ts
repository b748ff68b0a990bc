import { execFile } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, sep } from 'node:path';
import { promisify } from 'node:util';
import { inPackage, root } from '../../../scripts/prepare/paths.mjs';
import { filesBelow } from '../../../scripts/prepare/stamp.mjs';

/** A copy of this project that can be changed and built without affecting the original. */
export interface ProjectCopy extends AsyncDisposable {
  readonly folder: string;
  read(path: string): string;
  write(path: string, text: string): void;
  /** Runs a command in the folder; its output. Rejects with the output when it fails. */
  run(command: string): Promise<string>;
  /** The files that were changed, added or removed since the copy: paths with `/`, sorted. */
  changes(): string[];
}

/** Generated files: git ignores them, and the copy generates them again. */
const MADE = new Set(['node_modules', 'dist', 'data', 'coverage', 'generated', '.cache', '.git']);
/** Written by hand, in spite of the name. */
const SOURCES = join('web', 'src', 'data');

const isWritten = (path: string): boolean =>
  (!MADE.has(basename(path)) || path.endsWith(SOURCES)) && !path.endsWith('.tsbuildinfo');

/**
 * Copies what is written by hand; packages are linked.
 *
 * @param variables of the environment of its commands
 */
export async function copyProject(variables: Readonly<Record<string, string>> = {}): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'telltale-copy-'));
  cpSync(root, folder, { recursive: true, filter: isWritten });
  linkPackages(folder);
  const original = readAll(folder);
  const inCopy = (path: string) => join(folder, ...path.split('/'));

  return {
    folder,
    read: (path) => readFileSync(inCopy(path), 'utf8'),
    write(path, text) {
      mkdirSync(dirname(inCopy(path)), { recursive: true });
      writeFileSync(inCopy(path), text);
    },
    async run(command) {
      const [program = '', ...args] = command.split(' ');
      const { stdout, stderr } = await promisify(execFile)(program, args, {
        cwd: folder,
        env: { ...environment(), ...variables },
        shell: process.platform === 'win32',
      });
      return stdout + stderr;
    },
    changes() {
      const present = readAll(folder);
      const paths = new Set([...original.keys(), ...present.keys()]);
      return [...paths].filter((path) => original.get(path) !== present.get(path)).sort();
    },
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, maxRetries: 3 });
    },
  };
}

/**
 * Links the packages one by one, because tools write into node_modules/.cache, which must be the
 * copy's own. They are the packages with which these tests run, so the copy accepts them for its
 * lock file and installs nothing.
 */
function linkPackages(folder: string): void {
  const packages = join(folder, 'node_modules');
  mkdirSync(packages);
  for (const name of readdirSync(inPackage('node_modules'))) {
    const isPackage = !name.startsWith('.') || name === '.bin';
    if (isPackage) symlinkSync(inPackage('node_modules', name), join(packages, name));
  }
  copyFileSync(inPackage('package-lock.json'), join(packages, '.package-lock.json'));
}

function readAll(folder: string): Map<string, string> {
  const files = filesBelow(folder, (path) => path === folder || isWritten(path));
  return new Map(
    files.map((file) => [relative(folder, file).split(sep).join('/'), readFileSync(file, 'base64')]),
  );
}

/** The environment without the variables that Vitest and npm set for the tests themselves. */
function environment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];
  return Object.fromEntries(kept.map((name) => [name, process.env[name]]));
}
