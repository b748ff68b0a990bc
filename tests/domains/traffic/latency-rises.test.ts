import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { gitCommit, RECORD_ACTIVITY, requestLog } from '../../support/events.ts';
import { startGraphQL, type TestGraphQL } from '../../support/graphql.ts';

const ASK = `query ($by: ChangeKind, $commits: GitCommitFilter, $window: Duration, $minimumCount: Int, $minimumRise: Float, $first: Int) {
  latencyRises(
    range: { from: "2026-11-20T00:00:00Z", to: "2026-11-22T00:00:00Z" }
    by: $by, commits: $commits, window: $window, minimumCount: $minimumCount, minimumRise: $minimumRise, first: $first
  ) { release commit { message } at before { from to requests p95LatencyMs } after { from to requests p95LatencyMs } rise }
}`;
const at = (time: string) => `2026-11-20T${time}:00.000Z`;
const END = '2026-11-22T00:00:00.000Z';

/** One request in each of these minutes after the hour. */
const served = (release: string | null, hour: string, latencyMs: number, minutes = [0, 10, 20]) =>
  minutes.map((minute) =>
    requestLog(`${release}-${hour}-${minute}`, {
      ...{ release, latencyMs, timestamp: at(`${hour}:${String(minute).padStart(2, '0')}`) },
    }),
  );

/**
 * A takes 100 ms, B 150, C 120, D 300. The commits are half an hour before C and D, and one is on a
 * branch.
 */
const EVENTS = {
  requestLogs: [
    ...served('A', '01', 100),
    ...served('B', '02', 150),
    ...served('C', '04', 120),
    ...served('D', '06', 300),
    // A still runs when D begins.
    ...served('A', '07', 300, [0]),
  ],
  gitCommits: [
    gitCommit(1, { message: 'C', timestamp: at('03:30') }),
    gitCommit(2, { message: 'D', timestamp: at('05:30') }),
    gitCommit(3, { message: 'elsewhere', branch: 'draft', timestamp: at('05:00') }),
  ],
};

describeEachDatabase('latencyRises', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
    await graphql.data(RECORD_ACTIVITY, { input: EVENTS });
    const soon = [requestLog('x', { release: 'X', latencyMs: 9000, timestamp: at('05:00') })];
    await graphql.data(RECORD_ACTIVITY, { input: { requestLogs: soon } }, 'other');
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const ask = async (variables: object) =>
    (await graphql.data(ASK, { minimumCount: 1, ...variables })).latencyRises;
  const stretch = (from: string, to: string, requests: number, p95LatencyMs: number) => ({
    ...{ from, to, requests, p95LatencyMs },
  });
  const D = {
    ...{ release: 'D', commit: null, at: at('06:00'), rise: 1.5 },
    before: stretch(at('04:00'), at('06:00'), 3, 120),
    after: stretch(at('06:00'), END, 4, 300),
  };
  const B = {
    ...{ release: 'B', commit: null, at: at('02:00'), rise: 0.5 },
    before: stretch(at('01:00'), at('02:00'), 3, 100),
    after: stretch(at('02:00'), at('04:00'), 3, 150),
  };

  it('are the releases after which requests took longer, the largest rise first', async () => {
    expect(await ask({ window: 'P7D' })).toEqual([D, B]);
    expect(await ask({ window: 'P7D', first: 1 })).toEqual([D]);
    expect(await ask({ window: 'P7D', minimumRise: 1 })).toEqual([D]);
    expect(await ask({ window: 'P7D', minimumCount: 4 })).toEqual([]);
  });

  it('compare no more than the window', async () => {
    const [first] = await ask({ window: 'PT1H' });
    // The requests of C are more than an hour before those of D, so there is nothing to compare.
    expect(first).toEqual({ ...B, after: stretch(at('02:00'), at('03:00'), 3, 150) });
    const [wide] = await ask({ window: 'PT105M' });
    expect(wide.before).toEqual(stretch(at('04:15'), at('06:00'), 1, 120));
  });

  it('are the commits after which requests took longer', async () => {
    const commits = { branch: { eq: 'main' } };
    const rise = {
      ...{ release: null, commit: { message: 'D' }, at: at('05:30'), rise: 1.5 },
      before: stretch(at('03:30'), at('05:30'), 3, 120),
      after: stretch(at('05:30'), END, 4, 300),
    };
    expect(await ask({ by: 'COMMIT', commits, window: 'P7D' })).toEqual([rise]);
    // The commit on the other branch is in between.
    const [cut] = await ask({ by: 'COMMIT', window: 'P7D', minimumCount: 0 });
    expect(cut).toBeUndefined();
  });

  it('refuses an invalid window, and more changes than it compares', async () => {
    const refusal = async (variables: object, project = 'default') =>
      (await graphql.run(ASK, { ...variables }, project)).errors?.[0];
    for (const window of ['PT0S', 'P1M'])
      expect(await refusal({ window })).toMatchObject({
        message: expect.stringMatching(/PT6H/),
        extensions: { code: 'BAD_USER_INPUT', argument: 'window' },
      });
    const gitCommits = Array.from({ length: 101 }, (_, number) =>
      gitCommit(number, { timestamp: at('03:00') }),
    );
    await graphql.data(RECORD_ACTIVITY, { input: { gitCommits } }, 'busy');
    expect(await refusal({ by: 'COMMIT' }, 'busy')).toMatchObject({
      message: expect.stringMatching(/more than 100 commits/),
      extensions: { code: 'BAD_USER_INPUT', argument: 'range' },
    });
  });
});
