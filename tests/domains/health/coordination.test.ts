import { expect, it } from 'vitest';
import { describeEachDatabase } from '../../support/databases.ts';
import { startGraphQL } from '../../support/graphql.ts';

const ASK = '{ health { coordination { watching since problems { file message since } } } }';

describeEachDatabase('the coordination folder in health', (database) => {
  it('is null if no folder is followed', async () => {
    await using graphql = await startGraphQL(database);
    expect((await graphql.data(ASK)).health.coordination).toBeNull();
  });

  it('is shown with its problems, which make health DEGRADED', async () => {
    const since = Date.parse('2026-11-22T11:00:00Z');
    const problems = [{ file: 'task-board.json', message: 'task-board.json is not JSON.', since }];
    const status = { watching: true, since, problems };
    await using graphql = await startGraphQL(database, {
      replace: () => ({ coordination: { projectId: 'default', status: () => status } }),
    });
    const others = await graphql.data('{ health { status coordination { since } } }', {}, 'another-project');
    expect(others.health).toEqual({ status: 'HEALTHY', coordination: null });
    expect((await graphql.data('{ health { status reasons } }')).health).toEqual({
      status: 'DEGRADED',
      reasons: ['Coordination folder: task-board.json is not JSON.'],
    });
    const shown = '2026-11-22T11:00:00.000Z';
    expect((await graphql.data(ASK)).health.coordination).toEqual({
      watching: true,
      since: shown,
      problems: [{ file: 'task-board.json', message: 'task-board.json is not JSON.', since: shown }],
    });
  });
});
