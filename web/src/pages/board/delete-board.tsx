import './board.css';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog, useOpen } from '../../parts/dialog.tsx';
import { notify } from '../../parts/toast.tsx';
import { go, linkTo } from '../../state/location.ts';
import type { Board } from './use-board-change.ts';

const RemoveBoard = graphql(`
  mutation RemoveBoard($input: DeleteBoardInput!) {
    deleteBoard(input: $input) { board { boardId } }
  }
`);

/** Asks for confirmation, then deletes the board for good. */
export function DeleteBoard({ board }: { board: Board }) {
  const asked = useOpen();
  const { run, isBusy, error } = useAction(RemoveBoard);
  const remove = async () => {
    if ((await run({ input: { boardId: board.boardId, expectedUpdatedAt: board.updatedAt } })) === null)
      return;
    notify(`Deleted ${board.name}.`);
    go(linkTo('/boards'));
  };
  return (
    <div>
      <Button kind="danger" icon="trash" onClick={asked.open}>
        Delete the board
      </Button>
      {asked.isOpen && (
        <Dialog title={`Delete ${board.name}?`} open onClose={asked.close}>
          <p>Its {board.panels.length} panels are deleted as well. The recorded data stays.</p>
          {error && (
            <p role="alert">
              {error.code === 'CONFLICT'
                ? 'Somebody else has changed this board. Reload the page.'
                : error.message}
            </p>
          )}
          <Button kind="danger" busy={isBusy} onClick={remove}>
            Delete for everybody
          </Button>
        </Dialog>
      )}
    </div>
  );
}
