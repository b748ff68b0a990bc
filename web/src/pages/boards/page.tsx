import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { BoardsQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import type { Column } from '../../parts/column.ts';
import { Dialog, useOpen } from '../../parts/dialog.tsx';
import { NameForm } from '../../parts/name-form.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { go, linkToOne } from '../../state/location.ts';
import { numberColumn, textColumn, timeColumn } from '../shared/columns.tsx';
import { pageArguments } from '../shared/cursors.tsx';
import { TablePanel } from '../shared/table-panel.tsx';

const Boards = graphql(`
  query Boards($first: Int, $after: String, $last: Int, $before: String) {
    boards(first: $first, after: $after, last: $last, before: $before) {
      nodes { id boardId name description createdBy updatedAt panels { title } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`);

const MakeBoard = graphql(`
  mutation MakeBoard($input: CreateBoardInput!) {
    createBoard(input: $input) { board { boardId } }
  }
`);

type Board = BoardsQuery['boards']['nodes'][number];

const COLUMNS: readonly Column<Board>[] = [
  textColumn('name', 'Board', ({ name }) => name),
  textColumn('description', 'Description', ({ description }) => description, { hideBelow: 'narrow' }),
  numberColumn('panels', 'Panels', 'count', ({ panels }) => panels.length),
  textColumn('by', 'Created by', ({ createdBy }) => createdBy, { hideBelow: 'medium' }),
  timeColumn('updated', 'Changed', (row) => row.updatedAt),
];

/** The boards of the project: panels that somebody chose, shared with everybody. */
export function Page() {
  const making = useOpen();
  const query = useQuery(Boards, () => pageArguments(), { everyMs: 60_000 });
  return (
    <>
      <PageHead
        title="Boards"
        subtitle="Collections of panels, shared with everybody who may read the project"
        actions={
          <Button icon="plus" onClick={making.open}>
            New board
          </Button>
        }
      />
      <TablePanel
        title="Boards"
        query={query}
        empty={{
          title: 'No boards yet',
          text: 'Create one, then add questions to it on the Explore page.',
        }}
        rowsOf={({ boards }) => boards.nodes}
        pageInfoOf={({ boards }) => boards.pageInfo}
        keyOf={({ id }) => id}
        hrefOf={({ boardId }) => linkToOne('/boards', boardId)}
        columns={COLUMNS}
      />
      {making.isOpen && <NewBoard onClose={making.close} />}
    </>
  );
}

function NewBoard({ onClose }: { onClose: () => void }) {
  const { run, isBusy, error } = useAction(MakeBoard);
  const make = async (name: string) => {
    const done = await run({ input: { boardId: idOf(name), name, panels: [] } });
    if (done === null) return false;
    go(linkToOne('/boards', done.createBoard.board.boardId));
    return true;
  };
  return (
    <Dialog title="New board" open onClose={onClose}>
      <NameForm
        label="Name"
        submit="Create the board"
        kind="primary"
        isBusy={isBusy}
        error={error?.message}
        onSubmit={make}
      />
    </Dialog>
  );
}

/** The id of a board in links. */
const idOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '');
