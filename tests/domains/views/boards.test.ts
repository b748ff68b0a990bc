import { expect, it } from 'vitest';
import { callerOf } from '../../support/callers.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { NOW, startGraphQL } from '../../support/graphql.ts';

const BOARD = `boardId name description createdBy createdAt updatedAt
  panels { title kind dataset measures groupBy filter orderBy top width }`;
const CREATE = `mutation ($input: CreateBoardInput!) { createBoard(input: $input) { board { ${BOARD} } } }`;
const UPDATE = `mutation ($input: UpdateBoardInput!) { updateBoard(input: $input) { board { ${BOARD} } } }`;
const DELETE = 'mutation ($input: DeleteBoardInput!) { deleteBoard(input: $input) { board { boardId } } }';
const READ = `query ($boardId: String!) { board(boardId: $boardId) { ${BOARD} } }`;

const COST = { title: 'Cost by model', kind: 'TIMESERIES', dataset: 'llmCalls', measures: ['cost'] };
const PANELS = [
  {
    ...{ ...COST, groupBy: ['model', 'tags.team'], filter: { provider: { eq: 'openai' } } },
    ...{ orderBy: 'latencyMs.p95', top: 5, width: 12 },
  },
  {
    title: 'Requests',
    kind: 'STAT',
    dataset: 'requestLogs',
    measures: ['count', 'errorRate', 'service.distinct'],
  },
  { title: 'Latency', kind: 'HEATMAP', dataset: 'requestLogs', measures: ['latencyMs'] },
];
const stored = (panel: object) => ({
  groupBy: [],
  filter: null,
  orderBy: null,
  top: null,
  width: 6,
  ...panel,
});
const LLM_COSTS = { boardId: 'llm-costs', name: 'LLM costs', panels: PANELS };

describeEachDatabase('boards', (database) => {
  it('keep their panels in order, and are visible to every reader', async () => {
    await using graphql = await startGraphQL(database);
    const { board } = (await graphql.data(CREATE, { input: LLM_COSTS })).createBoard;
    const reader = callerOf('default', ['READ']);
    expect((await graphql.data(READ, { boardId: 'llm-costs' }, reader)).board).toEqual(board);
    expect(board).toEqual({
      ...{ boardId: 'llm-costs', name: 'LLM costs', description: null, createdBy: null },
      ...{ createdAt: NOW, updatedAt: NOW, panels: PANELS.map(stored) },
    });
    expect((await graphql.data(READ, { boardId: 'llm-costs' }, 'other')).board).toBeNull();

    const update = async (input: object) =>
      (await graphql.data(UPDATE, { input: { boardId: 'llm-costs', ...input } })).updateBoard.board;
    expect(await update({ panels: PANELS })).toEqual(board);
    const panels = PANELS.toReversed();
    const changed = await update({ panels, description: 'For the team' });
    expect(changed).toMatchObject({ panels: panels.map(stored), description: 'For the team' });
    expect(changed.updatedAt > NOW).toBe(true);
    // A client that read the board before that change can neither overwrite nor delete it.
    const stale = { boardId: 'llm-costs', expectedUpdatedAt: board.updatedAt };
    for (const [document, input] of [
      [UPDATE, { ...stale, panels: PANELS }],
      [DELETE, stale],
    ] as const) {
      const [error] = (await graphql.run(document, { input })).errors ?? [];
      expect(error?.message).toContain(`expectedUpdatedAt: "${changed.updatedAt}"`);
      expect(error?.extensions).toMatchObject({
        ...{
          code: 'CONFLICT',
          argument: 'input.expectedUpdatedAt',
          current: { updatedAt: changed.updatedAt },
        },
      });
    }
    const seen = { expectedUpdatedAt: changed.updatedAt };
    expect(await update({ ...seen, panels: null })).toMatchObject({ panels: [], name: 'LLM costs' });

    expect((await graphql.run(CREATE, { input: LLM_COSTS })).errors?.[0]?.extensions).toMatchObject({
      ...{ code: 'CONFLICT', argument: 'input.boardId', current: { boardId: 'llm-costs' } },
    });
    await graphql.data(DELETE, { input: { boardId: 'llm-costs' } });
    expect((await graphql.data(READ, { boardId: 'llm-costs' })).board).toBeNull();
    expect(
      (await graphql.data(CREATE, { input: { boardId: 'empty', name: 'x' } })).createBoard.board.panels,
    ).toEqual([]);
  });

  it('are refused with a message that says what their datasets can answer', async () => {
    await using graphql = await startGraphQL(database);
    const at = (part: string) => `input.panels.0.${part}`;
    const refusals: [object, string, RegExp][] = [
      [{ measures: ['costs'] }, at('measures.0'), /^llmCalls has no number "costs"/],
      [{ measures: [] }, at('measures'), /1 to 20 names/],
      [{ groupBy: ['endpoint'] }, at('groupBy.0'), /^llmCalls has no dimension "endpoint"\. It has /],
      [{ filter: { endpoint: { eq: '/' } } }, at('filter.endpoint'), /endpoint/],
      [{ orderBy: 'latencyMs.p50' }, at('orderBy'), /^Groups cannot be sorted by latencyMs\.p50/],
      [{ top: 51 }, at('top'), /between 1 and 50/],
      [{ width: 13 }, at('width'), /between 1 and 12/],
      [{ title: ' ' }, at('title'), /^A title has 1 to 200 characters/],
      [{ kind: 'STAT', groupBy: ['model'] }, at('groupBy'), /^STAT shows no groups/],
      [{ kind: 'HEATMAP', measures: ['latencyMs.p95'] }, at('measures'), /shows one measure/],
      [{ kind: 'HEATMAP', measures: ['latencyMs', 'cost'] }, at('measures'), /shows one measure/],
      [{ kind: 'HEATMAP', measures: ['attributes.'] }, at('measures.0'), /./],
      [{ title: 'a\u0000b' }, 'input.panels', /./],
    ];
    for (const [part, argument, message] of refusals) {
      const input = { boardId: 'llm-costs', name: 'x', panels: [{ ...COST, ...part }] };
      expect((await graphql.run(CREATE, { input })).errors, JSON.stringify(part)).toMatchObject([
        { message: expect.stringMatching(message), extensions: { code: 'BAD_USER_INPUT', argument } },
      ]);
    }
    const many = { boardId: 'many', name: 'x', panels: Array.from({ length: 51 }, () => COST) };
    expect((await graphql.run(CREATE, { input: many })).errors?.[0]?.message).toMatch(
      /at most 50 panels, not 51/,
    );
    const missing = (await graphql.run(UPDATE, { input: { boardId: 'nowhere' } })).errors?.[0];
    expect(missing?.extensions).toMatchObject({ code: 'NOT_FOUND', argument: 'input.boardId' });
    const refused = await graphql.run(DELETE, { input: { boardId: 'x' } }, callerOf('default', ['READ']));
    expect(refused.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN', scope: 'INGEST' });
  });
});
