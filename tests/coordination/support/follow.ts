import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestApp } from '../../support/start-app.ts';

/** A coordination folder of a test. */
export interface TestFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes `task-board.json` in place: text as it is, anything else as JSON. */
  writeBoard(board: unknown): Promise<void>;
  /** Writes it beside the old one, and renames it over that. */
  replaceBoard(board: unknown): Promise<void>;
  writeLog(text: string): Promise<void>;
}

export async function createFolder(): Promise<TestFolder> {
  const parent = await mkdtemp(join(tmpdir(), 'telltale-coordination-'));
  const path = join(parent, 'coordination');
  const toText = (board: unknown) => (typeof board === 'string' ? board : JSON.stringify(board));
  return {
    path,
    writeBoard: (board) => writeFile(join(path, 'task-board.json'), toText(board)),
    async replaceBoard(board) {
      await writeFile(join(path, '.task-board.json.tmp'), toText(board));
      await rename(join(path, '.task-board.json.tmp'), join(path, 'task-board.json'));
    },
    writeLog: (text) => writeFile(join(path, 'progress-log.md'), text),
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true, force: true }),
  };
}

interface Answers {
  readonly taskBoard: { readonly counts: readonly { readonly status: string; readonly count: number }[] };
  readonly taskEvents: { readonly nodes: readonly Record<string, unknown>[] };
  readonly agentActivities: { readonly nodes: readonly Record<string, unknown>[] };
  readonly health: { readonly coordination: { watching: boolean; problems: readonly { message: string }[] } };
}

/** Each query goes through the whole server. */
const PATIENTLY = { interval: 50 };

/** Resolves when the board counts these tasks. */
export function waitForCounts(app: TestApp, expected: Readonly<Record<string, number>>): Promise<void> {
  const counts = async () => {
    const { taskBoard } = await app.query<Answers>('{ taskBoard { counts { status count } } }');
    return Object.fromEntries(taskBoard.counts.map(({ status, count }) => [status, count]));
  };
  return expect.poll(counts, PATIENTLY).toEqual(expected);
}

/** Resolves when health reports this about the folder. */
export function waitForStatus(app: TestApp, expected: object): Promise<void> {
  const status = async () =>
    (await app.query<Answers>('{ health { coordination { watching problems { file message } } } }')).health
      .coordination;
  return expect.poll(status, PATIENTLY).toEqual(expected);
}

/** Resolves when the activities, sorted by their texts, are these. */
export function waitForActivities(
  app: TestApp,
  expected: readonly (readonly [string, string])[],
): Promise<void> {
  const activities = async () => {
    const { agentActivities } = await app.query<Answers>('{ agentActivities { nodes { agentId message } } }');
    return agentActivities.nodes.map(({ agentId, message }) => [agentId, message]).sort();
  };
  return expect.poll(activities, PATIENTLY).toEqual(expected);
}

/** All task events, oldest first, as `T-1 STARTED todo>doing`. */
export async function eventsOf(app: TestApp): Promise<string[]> {
  const { taskEvents } = await app.query<Answers>(
    '{ taskEvents(orderBy: { field: TIMESTAMP, direction: ASC }) { nodes { taskId eventType previousStatus newStatus } } }',
  );
  return taskEvents.nodes.map(
    ({ taskId, eventType, previousStatus, newStatus }) =>
      `${taskId} ${eventType} ${previousStatus ?? ''}>${newStatus ?? ''}`,
  );
}

/**
 * Resolves when these apps have read everything that was written before: this breaks the board, and
 * waits until each app reports that. Write the board again to repair it.
 */
export async function settle(folder: TestFolder, ...apps: readonly TestApp[]): Promise<void> {
  await folder.writeBoard('{ broken');
  const problems = [{ file: 'task-board.json', message: expect.stringContaining('is not JSON') }];
  await Promise.all(apps.map((app) => waitForStatus(app, { watching: true, problems })));
}
