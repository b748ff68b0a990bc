import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import { useQuery } from '../../data/use-query.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Stack } from '../../parts/stack.tsx';
import { TextInput } from '../../parts/text-input.tsx';
import { Time } from '../../parts/time.tsx';
import { go, linkTo } from '../../state/location.ts';
import { zone } from '../../state/view.ts';
import { ListPager, pageArguments } from '../shared/cursors.tsx';
import { QueryPanel } from '../shared/query-panel.tsx';

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

/** The boards of the project: panels that somebody chose, for all to look at. */
export function Page() {
  const isMaking = useSignal(false);
  const variables = () => pageArguments();
  const query = useQuery(Boards, variables, { everyMs: 60_000 });
  return (
    <>
      <PageHead
        title="Boards"
        subtitle="Panels that somebody chose, for everybody who may read the project"
        actions={
          <Button
            icon="plus"
            onClick={() => {
              isMaking.value = true;
            }}
          >
            New board
          </Button>
        }
      />
      <QueryPanel
        title="Boards"
        query={query}
        document={Boards}
        variables={variables()}
        isEmpty={({ boards }) => boards.nodes.length === 0}
        empty={{
          title: 'There is no board yet',
          text: 'Make one, then add questions to it on the page Explore.',
        }}
        footer={query.data && <ListPager pageInfo={query.data.boards.pageInfo} />}
        flush
      >
        {({ boards }) => (
          <DataTable
            caption="Boards"
            rows={boards.nodes}
            keyOf={({ id }) => id}
            hrefOf={({ boardId }) => linkTo(`/boards/${encodeURIComponent(boardId)}`)}
            columns={[
              { key: 'name', title: 'Board', value: ({ name }) => name },
              {
                key: 'description',
                title: 'About',
                value: ({ description }) => description,
                hideBelow: 'narrow',
              },
              { key: 'panels', title: 'Panels', unit: 'count', value: ({ panels }) => panels.length },
              { key: 'by', title: 'Made by', value: ({ createdBy }) => createdBy, hideBelow: 'medium' },
              {
                key: 'updated',
                title: 'Changed',
                cell: (row) => <Time at={row.updatedAt} zone={zone.value} />,
                value: (row) => row.updatedAt,
              },
            ]}
          />
        )}
      </QueryPanel>
      {isMaking.value && (
        <NewBoard
          onClose={() => {
            isMaking.value = false;
          }}
        />
      )}
    </>
  );
}

function NewBoard({ onClose }: { onClose: () => void }) {
  const name = useSignal('');
  const { run, isBusy, error } = useAction(MakeBoard);
  const submit = async (event: Event) => {
    event.preventDefault();
    // Links name it by this.
    const boardId = name.value
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '');
    const done = await run({ input: { boardId, name: name.value.trim(), panels: [] } });
    if (done !== null) go(linkTo(`/boards/${encodeURIComponent(done.createBoard.board.boardId)}`));
  };
  return (
    <Dialog title="New board" open onClose={onClose}>
      <form onSubmit={submit}>
        <Stack>
          <Field label="Name" error={error?.message}>
            <TextInput
              value={name.value}
              required
              onInput={(text) => {
                name.value = text;
              }}
            />
          </Field>
          <Button kind="primary" type="submit" busy={isBusy}>
            Make the board
          </Button>
        </Stack>
      </form>
    </Dialog>
  );
}
