import './board.css';
import { useSignal } from '@preact/signals';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { linkTo } from '../../state/location.ts';
import { BoardPanel } from '../shared/board-panel.tsx';
import { useMarkers } from '../shared/markers.ts';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { DeleteBoard } from './delete-board.tsx';
import { EditPanel } from './edit-panel.tsx';
import { Refused } from './refused.tsx';
import { useBoardChange } from './use-board-change.ts';

const OneBoard = graphql(`
  query OneBoard($boardId: String!) {
    board(boardId: $boardId) {
      boardId name description updatedAt
      panels { title kind dataset measures groupBy filter orderBy top width }
    }
  }
`);

/** One board: its panels over the range of the page. */
export function Page({ params }: PageProps) {
  const query = useQuery(OneBoard, () => ({ boardId: params['id'] ?? '' }), { everyMs: 60_000 });
  const change = useBoardChange(query);
  const isEditing = useSignal(false);
  const markers = useMarkers();
  const { board } = change;
  if (query.state === 'ready' && !board) {
    return <Missing title="There is no such board" list="/boards" listName="All boards" />;
  }
  return (
    <>
      <PageHead
        title={board?.name ?? 'Board'}
        subtitle={board?.description}
        actions={
          board && (
            <Button
              icon={isEditing.value ? 'check' : 'edit'}
              onClick={() => {
                isEditing.value = !isEditing.value;
              }}
            >
              {isEditing.value ? 'Done' : 'Edit'}
            </Button>
          )
        }
      />
      {board && isEditing.value && <DeleteBoard board={board} />}
      {change.refusal && <Refused refusal={change.refusal} />}
      {board?.panels.length === 0 && (
        <Empty title="The board has no panels" action={<a href={linkTo('/explore')}>Explore</a>}>
          Ask a question on the Explore page, and add it to this board.
        </Empty>
      )}
      <div class="board-panels">
        {board?.panels.map((panel, index) => (
          <div key={JSON.stringify(panel)} class={`board-width-${panel.width}`}>
            {isEditing.value && <EditPanel board={board} index={index} save={change.save} />}
            <BoardPanel markers={markers} panel={panel} />
          </div>
        ))}
      </div>
    </>
  );
}
