import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Caller } from '../../../../src/access/caller.ts';
import type { Filter } from '../../../../src/core/filter.ts';
import { callerOf } from '../../../support/callers.ts';
import { describeEachDatabase } from '../../../support/databases.ts';
import { errorLog, llmCall, requestLog } from '../../../support/events.ts';
import { type Answer, startGraphQL, type TestGraphQL } from '../../../support/graphql.ts';

const RECORD = 'mutation ($input: ActivityInput!) { recordActivity(input: $input) { accepted } }';
const CALLS =
  'subscription ($filter: LlmCallFilter, $slim: Boolean = false) { llmCallRecorded(filter: $filter) { model service @skip(if: $slim) } }';
const ERRORS = 'subscription { errorLogRecorded { requestLog { endpoint llmCalls { model } } } }';

const is = (field: string, value: string): Filter => ({
  kind: 'test',
  field,
  operator: 'eq',
  value,
  negated: false,
});

/** A read token, which has no scopes. */
const token = (rows: Filter): Caller => ({
  ...callerOf('default', []),
  allProjects: false,
  rows: new Map([['llmCalls', rows]]),
});

describeEachDatabase('identical subscriptions', (database) => {
  let graphql: TestGraphQL;
  beforeAll(async () => {
    graphql = await startGraphQL(database);
  });
  afterAll(() => graphql[Symbol.asyncDispose]());

  const record = (input: object, project?: string) => graphql.data(RECORD, { input }, project);
  const nextOf = async (stream: AsyncIterableIterator<Answer>): Promise<Answer> =>
    JSON.parse(JSON.stringify((await stream.next()).value));
  const endAll = (streams: readonly AsyncIterableIterator<Answer>[]) =>
    Promise.all(streams.map((stream) => stream.return?.()));

  it('cost one execution per event, with any keys', async () => {
    const failure = { errorLogs: [errorLog({ requestId: 'r-1' })] };
    await record({ requestLogs: [requestLog('r-1')], llmCalls: [llmCall({ requestId: 'r-1' })] });
    const statementsOf = async (callers: readonly Caller[]) => {
      const streams = await Promise.all(callers.map((caller) => graphql.subscribe(ERRORS, {}, caller)));
      let answers: Answer[] = [];
      const statements = await graphql.countStatements(async () => {
        const answering = Promise.all(streams.map(nextOf));
        await record(failure);
        answers = await answering;
      });
      for (const { data } of answers)
        expect(data.errorLogRecorded.requestLog.llmCalls).toEqual([{ model: 'gpt-4o-mini' }]);
      await endAll(streams);
      return statements;
    };
    const one = await statementsOf([callerOf()]);
    const keys = Array.from({ length: 20 }, (_, number): Caller => ({ ...callerOf(), keyId: `${number}` }));
    expect(await statementsOf(keys)).toBe(one);
  });

  it('share nothing with other projects, rights, filters, selections and read tokens', async () => {
    const asked: [variables: object, caller: Caller][] = [
      [{}, callerOf()],
      [{}, callerOf('other-project')],
      [{ slim: true }, callerOf()],
      [{ filter: { model: { eq: 'open' } } }, callerOf()],
      [{}, token(is('model', 'open'))],
      [{}, token(is('model', 'secret'))],
    ];
    const streams = await Promise.all(
      asked.map(([variables, caller]) => graphql.subscribe(CALLS, { ...variables }, caller)),
    );
    const all = Promise.all(streams.map(nextOf));
    await record({ llmCalls: [llmCall({ model: 'secret', service: 's' })] });
    await record({ llmCalls: [llmCall({ model: 'theirs', service: 's' })] }, 'other-project');
    await record({ llmCalls: [llmCall({ model: 'open', service: 's' })] });
    const shown = (await all).map(({ data }) => data.llmCallRecorded);
    expect(shown).toEqual([
      { model: 'secret', service: 's' },
      { model: 'theirs', service: 's' },
      { model: 'secret' },
      { model: 'open', service: 's' },
      { model: 'open', service: 's' },
      { model: 'secret', service: 's' },
    ]);
    await endAll(streams);
  });

  it('are checked one by one: a read token gets no other dataset', async () => {
    const stream = await graphql.subscribe(ERRORS);
    await expect(graphql.subscribe(ERRORS, {}, token(is('model', 'open')))).rejects.toThrow('FORBIDDEN');
    await stream.return?.();
    expect(graphql.services.live.hasSubscribers('errorLogs.recorded')).toBe(false);
  });
});
