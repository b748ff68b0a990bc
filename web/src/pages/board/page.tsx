import './board.css';
import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import type { OneBoardQuery } from '../../generated/graphql.ts';
import { Button } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { IconButton } from '../../parts/icon-button.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Row } from '../../parts/row.tsx';
import { notify } from '../../parts/toast.tsx';
import { linkTo } from '../../state/location.ts';
import { BoardPanel } from '../shared/board-panel.tsx';
import { Missing } from '../shared/missing.tsx';
import type { PageProps } from '../shared/page-props.ts';
import { DeleteBoard } from './delete-board.tsx';
import { embedAddress } from './embed-address.ts';

const OneBoard = graphql(`
  query OneBoard($boardId: String!) {
    board(boardId: $boardId) {
      boardId name description
      panels { title kind dataset measures groupBy filter orderBy top width }
    }
  }
`);

const ChangeBoard = graphql(`
  mutation ChangeBoard($input: UpdateBoardInput!) {
    updateBoard(input: $input) { board { boardId } }
  }
`);

type Board = NonNullable<OneBoardQuery['board']>;

/** One board: its panels by the range of the page. */
export function Page({ params }: PageProps) {
  const query = useQuery(OneBoard, () => ({ boardId: params['id'] ?? '' }));
  const isEditing = useSignal(false);
  const board = query.data?.board;
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
      {board?.panels.length === 0 && (
        <Empty title="The board has no panels" action={<a href={linkTo('/explore')}>Explore</a>}>
          Ask something on the page Explore, and add it to this board.
        </Empty>
      )}
      <div class="board-panels">
        {board?.panels.map((panel, index) => (
          <div key={JSON.stringify(panel)} class={`board-width-${panel.width}`}>
            {isEditing.value && <Edit board={board} index={index} onDone={query.refresh} />}
            <BoardPanel panel={panel} />
          </div>
        ))}
      </div>
    </>
  );
}

const sayCopied = () => notify('Copied. Put a read token behind it: docs/access.md says how to make one.');
const sayRefused = () => notify('The browser does not let this page write to the clipboard.', 'bad');

const WIDTHS = [3, 4, 6, 8, 12];

/** Moves, widens or removes one panel. */
function Edit({ board, index, onDone }: { board: Board; index: number; onDone: () => void }) {
  const { run, error } = useAction(ChangeBoard);
  const panel = board.panels[index];
  if (panel === undefined) return null;
  const save = async (panels: Board['panels']) => {
    if ((await run({ input: { boardId: board.boardId, panels } })) !== null) onDone();
  };
  const others = board.panels.toSpliced(index, 1);
  const wider = WIDTHS.find((width) => width > panel.width) ?? WIDTHS[0] ?? 12;
  return (
    <Row gap="tight">
      <IconButton
        label={`Move ${panel.title} up`}
        icon="arrowUp"
        onClick={() => save(others.toSpliced(Math.max(index - 1, 0), 0, panel))}
      />
      <IconButton
        label={`Move ${panel.title} down`}
        icon="arrowDown"
        onClick={() => save(others.toSpliced(index + 1, 0, panel))}
      />
      <Button kind="plain" onClick={() => save(board.panels.with(index, { ...panel, width: wider }))}>
        Width {panel.width} of 12
      </Button>
      {panel.kind !== 'HEATMAP' && (
        <IconButton
          label={`Copy the address of ${panel.title} for a frame`}
          icon="link"
          onClick={() => navigator.clipboard.writeText(embedAddress(panel)).then(sayCopied, sayRefused)}
        />
      )}
      <IconButton label={`Remove ${panel.title}`} icon="trash" onClick={() => save(others)} />
      {error && <span role="alert">{error.message}</span>}
    </Row>
  );
}
