import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A repository that a test creates. */
export interface Scratch {
  readonly path: string;
  git(args: readonly string[], options?: { input?: string | Buffer; at?: number; author?: string }): string;
  write(file: string, content: string | Buffer): void;
  /** Commits everything that was written, at that many seconds since 1970, and returns the hash. */
  commit(message: string, at: number, author?: string): string;
}

const AUTHOR = 'Ada Builder <ada@example.com>';

/**
 * Provides folders for repositories, and removes them after the tests of the file. The user's own
 * settings do not affect them.
 */
export function useScratch() {
  const folder = mkdtempSync(join(tmpdir(), 'telltale-git-'));
  afterAll(() => rmSync(folder, { recursive: true, maxRetries: 3 }));
  let count = 0;
  return {
    folder,
    /** A new repository whose branch is main. */
    create(...options: readonly string[]): Scratch {
      const path = join(folder, `repository-${++count}`);
      mkdirSync(path);
      const scratch = openScratch(path);
      scratch.git(['init', '--quiet', '--initial-branch=main', ...options]);
      return scratch;
    },
    /** A clone of another repository. */
    clone(url: string, ...options: readonly string[]): Scratch {
      const path = join(folder, `clone-${++count}`);
      execFileSync('git', ['clone', '--quiet', ...options, url, path], { stdio: 'pipe' });
      return openScratch(path);
    },
  };
}

function openScratch(path: string): Scratch {
  const git: Scratch['git'] = (args, { input, at = 0, author = AUTHOR } = {}) => {
    const [, name, email] = /^(.*) ?<(.*)>$/.exec(author) ?? [];
    const date = `@${at} +0000`;
    return execFileSync('git', ['-C', path, '-c', 'core.autocrlf=false', ...args], {
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        PATH: process.env['PATH'],
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_CONFIG_SYSTEM: '/dev/null',
        GIT_AUTHOR_NAME: name?.trim(),
        GIT_AUTHOR_EMAIL: email,
        GIT_COMMITTER_NAME: 'Committer',
        GIT_COMMITTER_EMAIL: 'committer@example.com',
        GIT_AUTHOR_DATE: date,
        GIT_COMMITTER_DATE: date,
      },
    }).trim();
  };
  let hasWritten = false;
  return {
    path,
    git,
    write(file, content) {
      hasWritten = true;
      mkdirSync(dirname(join(path, file)), { recursive: true });
      writeFileSync(join(path, file), content);
    },
    commit(message, at, author) {
      const options = { at, input: message, ...(author && { author }) };
      if (hasWritten) git(['add', '--all']);
      hasWritten = false;
      git(
        ['commit', '--quiet', '--allow-empty', '--allow-empty-message', '--cleanup=verbatim', '-F', '-'],
        options,
      );
      return headOf(path);
    },
  };
}

/**
 * The hash of the last commit. It is read from the files, because each call of git starts a
 * process.
 */
function headOf(path: string): string {
  const read = (file: string) => readFileSync(join(path, '.git', file), 'utf8').trim();
  const head = read('HEAD');
  return head.startsWith('ref: ') ? read(head.slice('ref: '.length)) : head;
}

/** A value that is created when it is first requested. */
export function once<Made>(make: () => Made): () => Made {
  let made: Made | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** All items of an iterable. */
export async function toList<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const list: Item[] = [];
  for await (const item of items) list.push(item);
  return list;
}
