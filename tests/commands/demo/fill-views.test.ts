import { expect, it } from 'vitest';
import { fillViews } from '../../../src/commands/demo/fill-views.ts';
import { BOARD, SAVED_VIEWS } from '../../../src/commands/demo/views.ts';
import { PAGES } from '../../../web/src/pages/pages.ts';
import { describeEachDatabase } from '../../support/databases.ts';
import { startApp } from '../../support/start-app.ts';

interface Shown {
  readonly boards: {
    readonly nodes: readonly { readonly boardId: string; readonly panels: readonly { title: string }[] }[];
  };
  readonly savedViews: { readonly nodes: readonly { readonly name: string; readonly path: string }[] };
}

const SHOWN = `{
  boards { nodes { boardId panels { title } } }
  savedViews(orderBy: { field: PINNED, direction: ASC }) { nodes { name path } }
}`;
const DELETE = 'mutation { deleteBoard(input: { boardId: "support-chat" }) { board { id } } }';
const OTHER = 'mutation { createBoard(input: { boardId: "mine", name: "Mine" }) { board { id } } }';

describeEachDatabase('the board and the saved views of the demo', (database) => {
  it('are made once, and not again beside those of the user', async () => {
    await using server = await startApp({ database });
    await fillViews(server.app);
    await fillViews(server.app);
    const { boards, savedViews } = await server.query<Shown>(SHOWN);
    expect(boards.nodes).toEqual([
      { boardId: BOARD.boardId, panels: BOARD.panels.map(({ title }) => ({ title })) },
    ]);
    expect(savedViews.nodes).toEqual(SAVED_VIEWS.map(({ name, path }) => ({ name, path })));
    const paths: readonly string[] = PAGES.map(({ path }) => path);
    for (const { path } of savedViews.nodes) expect(paths).toContain(path);

    await server.query(OTHER);
    await server.query(DELETE);
    await fillViews(server.app);
    const after = await server.query<Shown>(SHOWN);
    expect(after.boards.nodes.map(({ boardId }) => boardId)).toEqual(['mine']);
    expect(after.savedViews.nodes).toHaveLength(SAVED_VIEWS.length);
  });
});
