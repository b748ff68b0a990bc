import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { collectSessions, type SessionJob } from '../../../../../src/commands/collect/sessions/collect.ts';
import type { Progress } from '../../../../../src/commands/collect/sessions/progress-store.ts';
import type { SessionLog } from '../../../../../src/commands/collect/sessions/session-log.ts';
import type { Event } from '../../../../../src/commands/import/events.ts';
import { datasets } from '../../../../../src/declarations/registry.ts';

/** Files of sessions were written long ago, unless a test says otherwise. */
const LONG_AGO = new Date('2026-05-04T12:00:00Z');

/** A folder for files of sessions, which is removed after the tests of the file. */
export function useHome() {
  const home = mkdtempSync(join(tmpdir(), 'telltale-sessions-'));
  afterAll(() => rmSync(home, { recursive: true, maxRetries: 3 }));
  return {
    home,
    write(file: string, content: string, changedAt = LONG_AGO): string {
      const path = join(home, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      utimesSync(path, changedAt, changedAt);
      return path;
    },
  };
}

/** Stores the events that a collection sends, by dataset and id. */
export function createCollected<State>(log: SessionLog<State>, folder: string) {
  const stored = new Map<string, Map<unknown, Event>>();
  const progress: Progress = { witness: null, files: new Map() };
  const reports: string[] = [];
  const job: SessionJob<State> = {
    log,
    folders: [folder],
    options: { agent: log.name, prompts: false },
    choice: { since: null, under: null, skip: new Set() },
    findTags: async ({ cwd, branch, remote }) => ({
      repo: remote ?? cwd ?? 'none',
      branch: branch ?? 'none',
    }),
    target: {
      async send({ name }, events) {
        const known = stored.get(name) ?? new Map<unknown, Event>();
        stored.set(name, known);
        const before = known.size;
        for (const event of events) if (!known.has(event['id'])) known.set(event['id'], event);
        const accepted = known.size - before;
        return { accepted, duplicates: events.length - accepted, rejected: [] };
      },
    },
    datasets,
    store: { load: async () => progress, save: async () => undefined },
    bar: { update: () => undefined, finish: () => undefined },
    now: Date.now,
    report: (line) => void reports.push(line),
  };
  return {
    job,
    progress,
    reports,
    collect: (changes: Partial<SessionJob<State>> = {}) => collectSessions({ ...job, ...changes }, progress),
    /** The events of a dataset, by time. */
    events: (dataset: string): Event[] =>
      [...(stored.get(dataset)?.values() ?? [])].sort((one, other) =>
        String(one['timestamp']).localeCompare(String(other['timestamp'])),
      ),
  };
}
