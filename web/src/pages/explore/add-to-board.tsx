import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog, useOpen } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Select } from '../../parts/select.tsx';
import { Stack } from '../../parts/stack.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { notify } from '../../parts/toast.tsx';
import { filterOf } from '../shared/conditions.ts';
import { question } from './question.ts';

const BoardsToAddTo = graphql(`
  query BoardsToAddTo {
    boards(first: 200, orderBy: { field: NAME, direction: ASC }) {
      nodes {
        boardId name updatedAt
        panels { title kind dataset measures groupBy filter orderBy top width }
      }
    }
  }
`);

const AddPanel = graphql(`
  mutation AddPanel($input: UpdateBoardInput!) {
    updateBoard(input: $input) { board { boardId name } }
  }
`);

const CHANGED = 'Somebody else has changed this board in the meantime. Add the panel again.';

const KINDS = [
  { value: 'TIMESERIES', label: 'Chart' },
  { value: 'TABLE', label: 'Table' },
  { value: 'STAT', label: 'Figures' },
] as const;

type Kind = (typeof KINDS)[number]['value'];

/** Adds the question of Explore to a board, as a panel. */
export function AddToBoard() {
  const dialog = useOpen();
  return (
    <>
      <Button icon="plus" onClick={dialog.open}>
        Add to a board
      </Button>
      {dialog.isOpen && (
        <Dialog title="Add to a board" open onClose={dialog.close}>
          <Form onDone={dialog.close} />
        </Dialog>
      )}
    </>
  );
}

function Form({ onDone }: { onDone: () => void }) {
  const { data, refresh } = useQuery(BoardsToAddTo, () => ({}));
  const { run, isBusy, error } = useAction(AddPanel);
  const boards = data?.boards.nodes ?? [];
  const { dataset, measures, groupBy, where, top } = question();
  const title = useSignal(`${measures.join(', ')} of ${dataset}`);
  const kind = useSignal<Kind>('TIMESERIES');
  const boardId = useSignal('');
  const board = boards.find((one) => one.boardId === boardId.value) ?? boards[0];
  const submit = async (event: Event) => {
    event.preventDefault();
    if (board === undefined) return;
    const panel = {
      ...{ title: title.value, kind: kind.value, dataset, top },
      measures: [...measures],
      groupBy: kind.value === 'STAT' ? [] : [...groupBy],
      filter: filterOf(where),
    };
    const { updatedAt: expectedUpdatedAt, panels } = board;
    const done = await run({
      input: { boardId: board.boardId, panels: [...panels, panel], expectedUpdatedAt },
    });
    // After a conflict, the next try adds the panel to the current board.
    if (done === null) return refresh();
    notify(`Added to ${board.name}.`, 'good');
    onDone();
  };
  if (data !== undefined && board === undefined)
    return <p>There are no boards yet. Create one on the Boards page.</p>;
  return (
    <form onSubmit={submit}>
      <Stack>
        <Field label="Board">
          <Select
            value={board?.boardId ?? ''}
            options={boards.map(({ boardId: value, name }) => ({ value, label: name }))}
            onChange={(value) => {
              boardId.value = value;
            }}
          />
        </Field>
        <Field label="Title" error={error && (error.code === 'CONFLICT' ? CHANGED : error.message)}>
          <TextInput
            value={title.value}
            onInput={(text) => {
              title.value = text;
            }}
          />
        </Field>
        <Field label="Shown as">
          <Select
            value={kind.value}
            options={KINDS}
            onChange={(value) => {
              kind.value = value;
            }}
          />
        </Field>
        <Button kind="primary" type="submit" busy={isBusy}>
          Add
        </Button>
      </Stack>
    </form>
  );
}
