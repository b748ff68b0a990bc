import { setTimeout as sleep } from 'node:timers/promises';
import { defined } from '../../core/defined.ts';
import { datasets } from '../../declarations/registry.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { openTarget } from '../import/open-target.ts';
import { TARGET_ARGUMENTS, UsageError } from '../import/options.ts';
import { JSON_ARGUMENT, printResult } from '../output.ts';
import { defineCommand } from '../program/define-command.ts';
import { createProgress } from '../progress.ts';
import { firstSignal } from '../signals.ts';
import { findRepository } from './git/repository.ts';
import { type Collection, runCollection } from './git/run.ts';
import { createGit } from './git/run-git.ts';
import { renderResult } from './git/summary.ts';
import { AGENT_SOURCES, type AgentSource } from './git/to-event.ts';

const CHECK_EVERY_MS = 3_000;

/** `telltale collect git`: records the commits of a repository through the ingest path. */
export const collectGitCommand = defineCommand({
  meta: {
    name: 'git',
    description: 'Record each commit of a git repository once. Run it again to record new ones.',
  },
  args: {
    repo: {
      type: 'string',
      valueHint: 'DIR',
      description: 'The repository, or a folder in it',
      default: '.',
    },
    follow: { type: 'boolean', description: 'Keep recording new commits until Ctrl-C' },
    branch: { type: 'string', description: 'Only this branch; default: all local branches' },
    'agent-by': {
      type: 'string',
      valueHint: 'SOURCE',
      description: `Where the agent's name comes from: ${AGENT_SOURCES.join(', ')}`,
      default: 'author-name',
    },
    repository: {
      type: 'string',
      valueHint: 'NAME',
      description: 'The name of the repository; default: that of its remote, or its folder',
    },
    ...TARGET_ARGUMENTS,
    ...JSON_ARGUMENT,
  },
  examples: [
    ['telltale collect git', 'Record the commits of this repository that are not recorded yet'],
    [
      'telltale collect git --repo=../shop --branch=main --follow',
      'Record one branch, and keep recording new commits',
    ],
  ],
  async run({ args }) {
    const dataset = defined(datasets.find(({ name }) => name === 'gitCommits'));
    const agentBy = readAgentSource(args['agent-by']);
    const ending = new AbortController();
    const git = createGit(args.repo, ending.signal);
    const { name } = await findRepository(git);
    const repository = args.repository || name;
    const target = await openTarget(args);
    const signalled = args.follow ? firstSignal(process) : null;
    void signalled?.promise.then(() => ending.abort());
    try {
      report(`Collecting the commits of ${repository} into ${target.description}`);
      const rejected = await runCollection({
        dataset,
        agentBy,
        git,
        repository,
        target,
        branch: args.branch || null,
        progress: createProgress('Collecting', process.stderr, () => performance.now()),
        now: () => performance.now(),
        show: (result, seconds) =>
          printResult(
            { repository, ...result },
            { json: args.json, render: () => `${renderResult(result, seconds).join('\n')}\n` },
          ),
        ...(args.follow && { following: followUntil(ending.signal) }),
      });
      if (rejected > 0) process.exitCode = EXIT_CODES.problems;
    } catch (error) {
      // Ctrl-C interrupted git. Stored commits stay; the next run continues with the rest.
      if (!ending.signal.aborted) throw error;
    } finally {
      signalled?.forget();
      await target.close();
    }
  },
});

function readAgentSource(text: string): AgentSource {
  const source = AGENT_SOURCES.find((name) => name === text);
  if (source !== undefined) return source;
  throw new UsageError(`--agent-by: ${text} is not one of ${AGENT_SOURCES.join(', ')}.`);
}

function followUntil(signal: AbortSignal): NonNullable<Collection['following']> {
  return {
    signal,
    // The signal rejects the pause, which only needs to end.
    pause: (until) => sleep(CHECK_EVERY_MS, undefined, { signal: until }).catch(() => undefined),
    onProblem: (message) => report(`${message} Trying again.`),
  };
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
