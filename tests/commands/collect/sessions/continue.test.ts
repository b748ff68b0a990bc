import { appendFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claudeCodeLog } from '../../../../src/commands/collect/sessions/claude-code/log.ts';
import type { ClaudeCodeState } from '../../../../src/commands/collect/sessions/claude-code/state.ts';
import { createProgressStore } from '../../../../src/commands/collect/sessions/progress-store.ts';
import { runSessions, type SessionCollection } from '../../../../src/commands/collect/sessions/run.ts';
import { UsageError } from '../../../../src/commands/import/options.ts';
import { DAY_MS } from '../../../../src/core/time/units.ts';
import { createCollected, useHome } from './support/collected.ts';
import { claude, text } from './support/synthetic.ts';

const { home, write } = useHome();
let count = 0;

/** A session file in its own folder, and a collection of that folder. */
function begin(lines: readonly unknown[], changedAt?: Date) {
  const folder = `case-${++count}`;
  const path = write(`${folder}/one.jsonl`, text(lines), changedAt);
  return { path, folder: join(home, folder), ...createCollected(claudeCodeLog, join(home, folder)) };
}

const answer = (id: string, second: number) => claude.answer({ id, second });
const QUIET = Date.parse('2100-01-01T00:00:00Z');
const later = { now: () => QUIET };

describe('a collection of sessions', () => {
  it('continues a file where it ended, and does not read unchanged files', async () => {
    const { path, collect, events } = begin([claude.prompt(0), ...answer('1', 1)]);
    expect(await collect(later)).toMatchObject({ files: 1, lines: 2, accepted: 4, duplicates: 0 });
    expect(await collect(later)).toMatchObject({ files: 0, lines: 0, accepted: 0, duplicates: 0 });
    appendFileSync(path, text(answer('2', 20)));
    expect(await collect(later)).toMatchObject({ files: 1, lines: 1, accepted: 1, duplicates: 0 });
    // The content of the first lines is known: the prompt to which the second answer belongs.
    expect(events('llmCalls').map(({ requestId }) => requestId)).toEqual(['prompt-0', 'prompt-0']);
  });

  it('leaves a line that is still being written for the next time', async () => {
    const { path, collect, events } = begin([claude.prompt(0)]);
    const [line = ''] = text(answer('1', 1)).split('\n');
    appendFileSync(path, line.slice(0, 100));
    expect(await collect(later)).toMatchObject({ lines: 1, waiting: 1, problems: [] });
    appendFileSync(path, `${line.slice(100)}\n`);
    expect(await collect(later)).toMatchObject({ lines: 1, waiting: 0, problems: [] });
    expect(events('llmCalls')).toHaveLength(1);
  });

  it('holds an answer back until its last line must have arrived', async () => {
    const [first, last] = claude.answer({ id: '1', second: 1, parts: [{ type: 'text' }, { type: 'text' }] });
    const changedAt = new Date('2026-05-04T12:00:00Z');
    const { path, collect, events } = begin([first], changedAt);
    const secondsLater = (seconds: number) => ({ now: () => changedAt.getTime() + seconds * 1000 });
    expect(await collect(secondsLater(599))).toMatchObject({ waiting: 1 });
    writeFileSync(path, text([first, last]));
    expect(await collect({ now: Date.now })).toMatchObject({ lines: 1, waiting: 1 });
    expect(events('llmCalls')).toEqual([]);
    expect(await collect(later)).toMatchObject({ lines: 0, waiting: 0, accepted: 1 });
    expect(events('llmCalls')).toMatchObject([{ completionTokens: 150 }]);
    const cut = begin([first], changedAt);
    expect(await cut.collect(secondsLater(601))).toMatchObject({ waiting: 0 });
    expect(cut.events('llmCalls')).toMatchObject([{ completionTokens: 3 }]);
  });

  it('recognises files that were truncated, replaced or removed', async () => {
    const { path, collect, events, progress } = begin([
      claude.prompt(0),
      ...answer('1', 1),
      ...answer('2', 2),
    ]);
    await collect(later);
    truncateSync(path, text([claude.prompt(0)]).length);
    expect(await collect(later)).toMatchObject({ replaced: 1, lines: 1, accepted: 0, duplicates: 3 });
    const [other, longer] = [answer('3', 3), answer('4', 4)];
    writeFileSync(path, text([...other, ...longer]));
    expect(await collect(later)).toMatchObject({ replaced: 1, lines: 2 });
    expect(events('llmCalls')).toHaveLength(4);
    // The same beginning and the same size, but another end.
    writeFileSync(path, text([...other, ...answer('5', 5)]));
    expect(await collect(later)).toMatchObject({ replaced: 1 });
    expect(events('llmCalls')).toHaveLength(5);
    rmSync(path);
    expect(await collect(later)).toMatchObject({ files: 0 });
    expect([...progress.files]).toEqual([]);
  });

  it('continues after a failure without losing or repeating anything', async () => {
    const lines = Array.from({ length: 1_400 }, (_, index) => answer(`${index}`, index)[0]);
    const { job, collect, events, progress } = begin(lines);
    let sent = 0;
    const failing = {
      send: (...args: Parameters<typeof job.target.send>) => {
        if (++sent > 4) throw new UsageError('the server is gone');
        return job.target.send(...args);
      },
    };
    await expect(collect({ ...later, target: failing })).rejects.toThrow('the server is gone');
    const stored = events('llmCalls').length;
    const [file] = progress.files.values();
    const done = file?.line ?? 0;
    expect(done).toBeGreaterThan(0);
    // Sixteen answers may still be open at the position where the next run continues.
    expect(done).toBeLessThanOrEqual(stored + 16);
    expect(await collect(later)).toMatchObject({ lines: 1_400 - done });
    expect(events('llmCalls')).toHaveLength(1_400);
  });

  it('leaves out what the options exclude', async () => {
    const { collect, events } = begin([
      claude.prompt(0),
      ...answer('1', 10),
      ...claude.answer({ id: '2', second: 30, more: { cwd: '/gone/private' } }),
      ...answer('3', 40),
    ]);
    const choice = {
      since: Date.parse('2026-05-04T10:00:20Z'),
      under: '/gone/shop',
      skip: new Set(['agentUsage', 'agentActivities']),
    };
    expect(await collect({ ...later, choice })).toMatchObject({ accepted: 1, leftOut: 5 });
    expect(events('llmCalls')).toMatchObject([{ timestamp: '2026-05-04T10:00:40.000Z' }]);
  });

  it('counts rejected events, and names the first', async () => {
    const { job, collect } = begin([...answer('1', 1)]);
    const send: typeof job.target.send = async (_, events) => ({
      accepted: 0,
      duplicates: 0,
      rejected: events.map((_event, index) => ({ index, field: 'model', message: 'is unheard of' })),
    });
    expect(await collect({ ...later, target: { send } })).toMatchObject({
      accepted: 0,
      rejected: 3,
      firstRejected: expect.arrayContaining(['llmCalls of 2026-05-04T10:00:01.000Z: model: is unheard of']),
    });
  });
});

describe('a run', () => {
  const store = () => createProgressStore(join(home, 'progress'), ['claude-code', count]);
  const run = (
    collection: Partial<SessionCollection<ClaudeCodeState>>,
    { job, folder }: ReturnType<typeof begin>,
  ) => {
    const shown: string[] = [];
    const collected = { ...job, ...later, folders: [folder], store: store(), ...collection };
    const show: SessionCollection<ClaudeCodeState>['show'] = ({ accepted, duplicates }) =>
      shown.push(`${accepted} ${duplicates}`);
    return runSessions({ ...collected, show }).then((rejected) => ({ rejected, shown }));
  };

  it('continues an earlier run, unless the target has lost what was stored', async () => {
    const session = begin([claude.prompt(0), ...answer('1', 1)]);
    expect(await run({}, session)).toEqual({ rejected: 0, shown: ['4 0'] });
    expect(await run({}, session)).toEqual({ rejected: 0, shown: ['0 0'] });
    const empty = createCollected(claudeCodeLog, session.folder);
    const { target, report } = empty.job;
    expect(await run({ target, report, now: () => QUIET + DAY_MS - 1 }, session)).toEqual({
      rejected: 0,
      shown: ['3 1'],
    });
    expect(empty.reports).toEqual([expect.stringContaining('All files are read again.')]);
    expect(empty.events('llmCalls')).toHaveLength(1);
  });

  it('does not read files again if retention may have removed the missing events, and says so', async () => {
    const session = begin([claude.prompt(0), ...answer('1', 1)]);
    const now = () => QUIET + DAY_MS;
    const { job, reports } = createCollected(claudeCodeLog, session.folder);
    const { target, report } = job;
    expect(await run({}, session)).toEqual({ rejected: 0, shown: ['4 0'] });
    expect(await run({ target, report, now }, session)).toEqual({ rejected: 0, shown: ['0 0'] });
    expect(reports).toEqual([expect.stringContaining('Retention may have removed them')]);
    // The time of facts that are already known is unknown, so they count from when they happened.
    rmSync(join(home, 'progress'), { recursive: true });
    expect(await run({}, session)).toEqual({ rejected: 0, shown: ['0 4'] });
    const other = createCollected(claudeCodeLog, session.folder).job.target;
    expect(await run({ target: other }, session)).toEqual({ rejected: 0, shown: ['0 0'] });
  });

  it('saves no text with its progress, and does not trust times that another version saved', async () => {
    const session = begin([claude.prompt(0), ...answer('1', 1)]);
    const choice = { since: null, under: null, skip: new Set(['llmCalls', 'toolCalls', 'agentUsage']) };
    const options = { agent: 'claude-code', prompts: true };
    await run({ choice, options }, session);
    expect(session.events('agentActivities')).toHaveLength(2);
    const kept = store();
    const { witness, files } = await kept.load();
    expect(witness).toBeNull();
    const event = { timestamp: '2026-05-04T10:00:00Z' };
    const old = (dataset: string) => kept.save({ witness: { dataset, event } as never, files });
    await old('agentActivities');
    expect((await kept.load()).witness).toBeNull();
    await old('llmCalls');
    expect((await kept.load()).witness?.at).toBe(Date.parse('2026-05-04T10:00:00Z'));
  });

  it('reads all files again if the progress cannot be used, and continues if it cannot be saved', async () => {
    const session = begin([claude.prompt(0), ...answer('1', 1)]);
    await run({}, session);
    for (const file of readdirSync(join(home, 'progress'))) writeFileSync(join(home, 'progress', file), '{');
    expect(await run({}, session)).toEqual({ rejected: 0, shown: ['0 4'] });
    const broken = join(home, 'broken');
    writeFileSync(broken, 'a file, no folder');
    const unwritable = createProgressStore(join(broken, 'progress'), ['claude-code', 0]);
    const { reports } = session;
    expect(
      await run(
        { store: { ...unwritable, load: async () => ({ witness: null, files: new Map() }) } },
        session,
      ),
    ).toEqual({ rejected: 0, shown: ['0 4'] });
    expect(reports).toEqual([expect.stringMatching(/^The progress: .*reads all files again/)]);
  });

  it('follows: records what is appended, reports a failure once, and ends on request', async () => {
    const session = begin([claude.prompt(0)]);
    const { job } = session;
    let fails = false;
    const target = {
      send: (...args: Parameters<typeof job.target.send>) => {
        if (fails) throw new UsageError('the server is gone');
        return job.target.send(...args);
      },
    };
    const ending = new AbortController();
    const problems: string[] = [];
    const pauses = [
      () => undefined,
      () => appendFileSync(session.path, text(answer('1', 1))),
      () => {
        fails = true;
        appendFileSync(session.path, text(answer('2', 2)));
      },
      () => undefined,
      () => {
        fails = false;
      },
      () => void write(`case-${count}/two.jsonl`, text(answer('3', 3))),
      () => ending.abort(),
    ];
    const following = {
      signal: ending.signal,
      pause: async () => pauses.shift()?.(),
      onProblem: (message: string) => problems.push(message),
    };
    const { shown } = await run({ target, following }, session);
    expect(pauses).toEqual([]);
    expect(problems).toEqual(['the server is gone']);
    // The second file belongs to the same session, which has already begun.
    expect(shown).toEqual(['3 0', '1 0', '1 0', '1 2']);
    expect(session.events('llmCalls')).toHaveLength(3);
  });
});
