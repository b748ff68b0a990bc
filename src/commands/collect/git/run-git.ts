import { spawn } from 'node:child_process';
import { UsageError } from '../../import/options.ts';

/**
 * Runs git in one repository, without a shell. Settings of the user do not change its output.
 */
export interface Git {
  /** The path of the repository, as the user gave it. */
  readonly path: string;
  /** Returns the output of a command as text. @throws GitFailed */
  text(args: readonly string[], input?: string): Promise<string>;
  /**
   * Streams the output of a command. Leaving the loop ends the command.
   *
   * @param settings `name=value`, which override those of the repository
   * @throws GitFailed after the output
   */
  stream(args: readonly string[], input?: string, settings?: readonly string[]): AsyncIterable<Buffer>;
}

/** git ended with an error or could not be started. The message is git's own. */
export class GitFailed extends UsageError {
  /** Null if git did not start or a signal ended it. */
  readonly exitCode: number | null;

  constructor(message: string, exitCode: number | null) {
    super(message);
    this.exitCode = exitCode;
  }
}

/**
 * Git's defaults, set explicitly to override the settings of the machine, the user and the
 * repository. Other settings stay, because some are needed: `safe.directory`, and those that fetch
 * missing objects of a partial clone.
 */
const SETTINGS = [
  'log.showRoot=true',
  'log.showSignature=false',
  'log.follow=false',
  'core.quotePath=false',
  'core.attributesFile=/dev/null',
  'core.bigFileThreshold=512m',
  'core.useReplaceRefs=true',
  'mailmap.file=/dev/null',
  'mailmap.blob=HEAD:.mailmap',
];
/**
 * Variables that make git use a repository other than the given one, or read it differently. Git
 * sets them inside hooks.
 */
const LEADING_ASTRAY = [
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_COMMON_DIR',
  'GIT_INDEX_FILE',
  'GIT_OBJECT_DIRECTORY',
  'GIT_NAMESPACE',
  'GIT_SHALLOW_FILE',
  'GIT_GRAFT_FILE',
  'GIT_REPLACE_REF_BASE',
  'GIT_NO_REPLACE_OBJECTS',
  'GIT_ATTR_SOURCE',
];
const MAX_ERROR_TEXT = 10_000;

/** @param signal ends running commands */
export function createGit(path: string, signal?: AbortSignal): Git {
  const environment = {
    ...process.env,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
  };
  const env = Object.fromEntries(
    Object.entries(environment).filter(([name]) => !LEADING_ASTRAY.includes(name)),
  );

  async function* stream(
    args: readonly string[],
    input = '',
    more: readonly string[] = [],
  ): AsyncGenerator<Buffer> {
    const settings = [...SETTINGS, ...more].flatMap((setting) => ['-c', setting]);
    const child = spawn('git', ['--no-pager', '-C', path, ...settings, ...args], {
      env,
      ...(signal && { signal }),
    });
    let problem = '';
    child.stderr.on('data', (text) => (problem = (problem + text).slice(0, MAX_ERROR_TEXT)));
    // A command that ends early closes its input. Its exit code says more than the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const ended = new Promise<number | null | NodeJS.ErrnoException>((resolve) => {
      child.on('error', resolve);
      child.on('close', resolve);
    });
    try {
      yield* child.stdout;
      const end = await ended;
      if (end !== 0) throw failure(args, end, problem);
    } finally {
      child.kill();
    }
  }

  return {
    path,
    stream,
    async text(args, input) {
      const chunks: Buffer[] = [];
      for await (const chunk of stream(args, input)) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
  };
}

function failure(
  [command]: readonly string[],
  end: number | null | NodeJS.ErrnoException,
  problem: string,
): GitFailed {
  if (end instanceof Error) {
    const words = end.code === 'ENOENT' ? 'is not installed, or not on the PATH' : `failed: ${end.message}`;
    return new GitFailed(`git ${words}.`, null);
  }
  const words = problem.trim().replace(/^fatal: /, '') || `it ended with ${end ?? 'a signal'}`;
  return new GitFailed(`git ${command} failed: ${words.replace(/\.$/, '')}.`, end);
}
