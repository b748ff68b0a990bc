import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { datasets } from '../../../declarations/registry.ts';
import { readInstant } from '../../../transfer/export-position.ts';
import { EXIT_CODES } from '../../exit-codes.ts';
import { openTarget } from '../../import/open-target.ts';
import { TARGET_ARGUMENTS, UsageError } from '../../import/options.ts';
import { JSON_ARGUMENT, printResult } from '../../output.ts';
import { defineCommand, type Example } from '../../program/define-command.ts';
import { createProgress } from '../../progress.ts';
import { firstSignal } from '../../signals.ts';
import type { Choice, SessionsResult } from './collect.ts';
import { createDryTarget } from './dry-run.ts';
import { createProgressStore, noProgress } from './progress-store.ts';
import { createTagFinder } from './repositories.ts';
import { runSessions } from './run.ts';
import { SESSION_DATASETS, type SessionLog } from './session-log.ts';
import { renderSessions } from './summary.ts';

const CHECK_EVERY_MS = 2_000;

const SESSION_ARGUMENTS = {
  home: {
    type: 'string',
    valueHint: 'DIR',
    description: "The folder of the agent, such as ~/.claude; default: the agent's own default",
  },
  follow: { type: 'boolean', description: 'Keep recording new lines until Ctrl-C' },
  since: {
    type: 'string',
    valueHint: 'TIME',
    description: 'Only what happened since then, such as 2026-05-04',
  },
  under: { type: 'string', valueHint: 'DIR', description: 'Only sessions in this folder, or below' },
  skip: {
    type: 'string',
    valueHint: 'DATASETS',
    description: `Leave out these datasets, joined by commas: ${SESSION_DATASETS.join(', ')}`,
  },
  prompts: { type: 'boolean', description: 'Also record the text of prompts, as activities' },
  agent: {
    type: 'string',
    valueHint: 'NAME',
    description: 'The name of the agent; default: that of the tool',
  },
  'dry-run': { type: 'boolean', description: 'Store nothing, and show one event of each dataset' },
  project: { type: 'string', valueHint: 'NAME', description: 'The project. Default: TELLTALE_PROJECT' },
  ...TARGET_ARGUMENTS,
  ...JSON_ARGUMENT,
} as const;

interface SessionArguments {
  readonly home?: string | undefined;
  readonly follow?: boolean | undefined;
  readonly since?: string | undefined;
  readonly under?: string | undefined;
  readonly skip?: string | undefined;
  readonly prompts?: boolean | undefined;
  readonly agent?: string | undefined;
  readonly 'dry-run'?: boolean | undefined;
  readonly project?: string | undefined;
  readonly url?: string | undefined;
  readonly database?: string | undefined;
  readonly json: boolean;
}

/** Defines the command that records the sessions of one coding agent. */
export function defineSessionCommand<State>(log: SessionLog<State>, examples: readonly Example[]) {
  return defineCommand({
    meta: {
      name: log.name,
      description:
        `Record the sessions that ${log.title} keeps on this machine: calls, tools and errors, ` +
        'without their text. Run it again to record what is new. See docs/collecting.md.',
    },
    args: SESSION_ARGUMENTS,
    examples,
    run: ({ args }) => runCommand(log, args),
  });
}

async function runCommand<State>(log: SessionLog<State>, args: SessionArguments): Promise<void> {
  const choice = readChoice(args);
  const isDry = args['dry-run'] === true;
  if (isDry && args.follow) throw new UsageError('Give --dry-run or --follow, not both.');
  const folders = foldersOf(log, args.home);
  const options = { agent: args.agent || log.name, prompts: args.prompts === true };
  const dry = createDryTarget();
  const target = isDry ? dry : await openTarget(args);
  const ending = new AbortController();
  const signalled = firstSignal(process);
  void signalled.promise.then(() => ending.abort());
  try {
    report(`Collecting the sessions of ${log.title} in ${folders.join(', ')} into ${target.description}`);
    const project = args.project || process.env.TELLTALE_PROJECT || null;
    const identity = [
      log.name,
      target.description,
      project,
      folders,
      options,
      args.since ?? null,
      ...shown(choice),
    ];
    const rejected = await runSessions({
      log,
      folders,
      options,
      choice,
      findTags: createTagFinder(ending.signal),
      target,
      datasets,
      store: isDry ? noProgress : createProgressStore(join(userHome(), '.telltale', 'collect'), identity),
      bar: createProgress('Collecting', process.stderr, () => performance.now()),
      now: Date.now,
      report,
      signal: ending.signal,
      show: (result, seconds) =>
        show({ ...result, samples: Object.fromEntries(dry.samples) }, seconds, args.json),
      ...(args.follow && { following: followUntil(ending.signal) }),
    });
    if (rejected > 0) process.exitCode = EXIT_CODES.problems;
  } catch (error) {
    // Ctrl-C interrupted git. Stored events stay; the next run continues with the rest.
    if (!ending.signal.aborted) throw error;
  } finally {
    signalled.forget();
    await target.close();
  }
}

const userHome = (): string => process.env.HOME || homedir();

/** @throws UsageError for a named folder without sessions */
function foldersOf<State>(
  { homeVariable, homes, folders, title }: SessionLog<State>,
  named: string | undefined,
): readonly string[] {
  const own = named || process.env[homeVariable];
  const roots = own ? [resolve(own)] : homes.map((home) => join(userHome(), home));
  const found = roots.flatMap((root) => folders.map((folder) => join(root, folder)));
  if (named && !found.some((folder) => existsSync(folder))) {
    throw new UsageError(
      `--home: ${named} has no sessions of ${title}: there is no ${found.join(', and no ')}.`,
    );
  }
  return found;
}

function readChoice({ since, under, skip }: SessionArguments): Choice {
  const names = (skip ?? '').split(',').map((name) => name.trim());
  const skipped = names.filter((name) => name !== '');
  const unknown = skipped.find((name) => !SESSION_DATASETS.some((known) => known === name));
  if (unknown !== undefined) {
    throw new UsageError(`--skip: ${unknown} is not one of ${SESSION_DATASETS.join(', ')}.`);
  }
  return {
    since: since === undefined ? null : readInstant(since, '--since'),
    under: under === undefined ? null : resolve(under),
    skip: new Set(skipped),
  };
}

const shown = ({ under, skip }: Choice) => [under, [...skip].sort()];

interface Shown extends SessionsResult {
  readonly samples: Readonly<Record<string, unknown>>;
}

function show({ samples, ...result }: Shown, seconds: number, json: boolean): void {
  const names = Object.keys(samples);
  printResult(names.length === 0 ? result : { ...result, samples }, {
    json,
    render: () =>
      [
        ...names.map((name) => `${name}, for example:\n${JSON.stringify(samples[name], null, 2)}`),
        ...renderSessions(result, seconds),
        '',
      ].join('\n'),
  });
}

function followUntil(signal: AbortSignal) {
  return {
    signal,
    // The signal rejects the pause, which only needs to end.
    pause: (until: AbortSignal) => sleep(CHECK_EVERY_MS, undefined, { signal: until }).catch(() => undefined),
    onProblem: (message: string) => report(`${message} Trying again.`),
  };
}

function report(line: string): void {
  process.stderr.write(`${line}\n`);
}
