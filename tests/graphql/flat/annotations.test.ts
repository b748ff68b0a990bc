import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { gitCommit, llmCall, RECORD_ACTIVITY, requestLog } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const HOUR = 3_600_000;
const NOON = Date.parse('2026-11-22T12:00:00Z');
const at = (hours: number) => new Date(NOON + hours * HOUR).toISOString();

describeEachDatabase('annotations', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    const raise = async (alertId: string, severity: string, hours: number) => {
      graphql.clock.set(NOON + hours * HOUR);
      const input = { alertId, severity, type: 'COST', title: `${alertId}, dear`, message: 'Why' };
      await graphql.data('mutation ($input: RaiseAlertInput!) { raiseAlert(input: $input) { created } }', {
        input,
      });
    };
    const resolve = async (alertId: string, hours: number) => {
      graphql.clock.set(NOON + hours * HOUR);
      const input = { alertId, resolvedBy: 'ann' };
      await graphql.data(
        'mutation ($input: ResolveAlertInput!) { resolveAlert(input: $input) { alert { id } } }',
        { input },
      );
    };
    await raise('over', 'CRITICAL', -9);
    await resolve('over', -8);
    await raise('across', 'WARNING', -7);
    await raise('open', 'CRITICAL', -3);
    await resolve('across', -2);
    const commit = {
      message: 'Fix it\n\nAt last.',
      repository: 'acme/shop',
      branch: 'a,b',
      authorName: 'Ann',
    };
    const commits = [-5, -1].map((hours, index) => gitCommit(index + 1, { ...commit, timestamp: at(hours) }));
    await graphql.data(
      'mutation ($input: [GitCommitInput!]!) { recordGitCommits(input: $input) { accepted } }',
      {
        input: commits,
      },
    );
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (args: string, fields = 'title') =>
    (await graphql.data(`{ annotations(${args}) { ${fields} } }`)).annotations;
  const since = (hours: number, until = 0) => `from: ${NOON + hours * HOUR}, to: ${NOON + until * HOUR}`;

  it('are the alerts that were open, and the commits, oldest first', async () => {
    const [across, , open] = await ask(since(-6), 'time timeEnd title text tags');
    expect([across, open]).toEqual([
      {
        ...{ time: at(-7), timeEnd: at(-2), title: 'across, dear', text: 'Why' },
        tags: 'alert,WARNING,RESOLVED,COST',
      },
      { time: at(-3), timeEnd: null, title: 'open, dear', text: 'Why', tags: 'alert,CRITICAL,OPEN,COST' },
    ]);
    const [commit] = await ask(`${since(-6)}, kinds: [COMMIT]`, 'time timeEnd title text tags');
    expect(commit).toMatchObject({
      ...{ time: at(-5), timeEnd: null, title: expect.stringMatching(/^[0-9a-f]{7} Fix it$/) },
      text: expect.stringMatching(/^acme\/shop a,b, by Ann: \d+ files, \+\d+ -\d+$/),
      tags: expect.stringMatching(/^commit,acme\/shop,a b/),
    });
  });

  it('begin and end with the range, which excludes its end', async () => {
    const titles = async (args: string) =>
      (await ask(args)).map(({ title }: { title: string }) => title.split(/[ ,]/, 1)[0]);
    const alerts = 'kinds: [ALERT]';
    expect(await titles(`${since(-8)}, ${alerts}`)).toEqual(['over', 'across', 'open']);
    expect(await titles(`${since(-7.9)}, ${alerts}`)).toEqual(['across', 'open']);
    expect(await titles(`${since(-7.9, -3)}, ${alerts}`)).toEqual(['across']);
    expect(await titles(`${since(-9)}, ${alerts}, minSeverity: ERROR`)).toEqual(['over', 'open']);
    expect(await ask(`${since(-5, -1)}, kinds: [COMMIT]`)).toHaveLength(1);
  });

  it('are the newest of each kind, if there are more than `first`', async () => {
    expect(await ask(`${since(-9)}, first: 1`, 'time')).toEqual([{ time: at(-3) }, { time: at(-1) }]);
  });

  it('are the releases that begin in the range', async () => {
    const call = (release: string, hours: number) => llmCall({ release, timestamp: at(hours) });
    const hash = 'abcdef0123456789abcdef0123456789abcdef01';
    const input = {
      llmCalls: [
        call('running', -30),
        call('running', -4),
        call('v2', -4),
        call('v2', -2),
        call('calls', -3),
        call('back', -24 * 8),
        call('back', -1),
      ],
      requestLogs: [
        // This release has calls only in the range, but a request before it, so it does not begin
        // there.
        requestLog('r0', { release: 'calls', timestamp: at(-30) }),
        requestLog('r1', { release: 'v2', timestamp: at(-5) }),
        requestLog('r2', { release: hash, timestamp: at(-3) }),
      ],
    };
    await graphql.data(RECORD_ACTIVITY, { input });
    expect(await ask(`${since(-6)}, kinds: [RELEASE]`, 'time title text tags')).toEqual([
      { time: at(-5), title: 'Release v2', text: null, tags: 'release' },
      { time: at(-3), title: 'Release abcdef0', text: null, tags: 'release' },
      { time: at(-1), title: 'Release back', text: null, tags: 'release' },
    ]);
    expect(await ask(`${since(-4.5)}, kinds: [RELEASE], first: 1`)).toEqual([{ title: 'Release back' }]);
  });
});
