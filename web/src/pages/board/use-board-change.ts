import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import type { Query } from '../../data/use-query.ts';
import type { OneBoardQuery } from '../../generated/graphql.ts';

const ChangeBoard = graphql(`
  mutation ChangeBoard($input: UpdateBoardInput!) {
    updateBoard(input: $input) { board { boardId } }
  }
`);

export type Board = NonNullable<OneBoardQuery['board']>;
export type Panels = Board['panels'];

/** Why a change was not stored, and what can be done about it. */
export interface Refusal {
  readonly message: string;
  /** Set if somebody else has changed the board since it was loaded. */
  readonly conflict: { readonly loadAgain: () => void; readonly overwrite: () => void } | null;
}

/** Stores the panels of a board, unless somebody else has changed it since this page has loaded it. */
export function useBoardChange(query: Query<OneBoardQuery>) {
  const { run, error } = useAction(ChangeBoard);
  const tried = useSignal<Panels | null>(null);
  const board = query.data?.board;
  const send = async (panels: Panels, expectedUpdatedAt: string | null) => {
    if (!board) return;
    tried.value = panels;
    if ((await run({ input: { boardId: board.boardId, panels, expectedUpdatedAt } })) === null) return;
    tried.value = null;
    query.refresh();
  };
  const loadAgain = () => {
    tried.value = null;
    query.refresh();
  };
  const panels = tried.value;
  const refusal: Refusal | null =
    (error !== null &&
      panels !== null && {
        message: error.message,
        conflict: error.code === 'CONFLICT' ? { loadAgain, overwrite: () => send(panels, null) } : null,
      }) ||
    null;
  return { save: (changed: Panels) => send(changed, board?.updatedAt ?? null), refusal };
}
