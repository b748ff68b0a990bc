import { useSignal } from '@preact/signals';
import { useAction } from '../../data/act.ts';
import { graphql } from '../../data/graphql.ts';
import type { Query } from '../../data/use-query.ts';
import type { OneBoardQuery } from '../../generated/graphql.ts';

const ChangeBoard = graphql(`
  mutation ChangeBoard($input: UpdateBoardInput!) {
    updateBoard(input: $input) {
      board {
        boardId name description updatedAt
        panels { title kind dataset measures groupBy filter orderBy top width }
      }
    }
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

/** Stores the panels of a board, unless somebody else has changed it since this page loaded it. */
export function useBoardChange(query: Query<OneBoardQuery>) {
  const { run, isBusy, error } = useAction(ChangeBoard);
  const tried = useSignal<Panels | null>(null);
  /**
   * The board after the last change of this page. The next change starts from it, even before it is
   * loaded again.
   */
  const changed = useSignal<Board | null>(null);
  const board = newerOf(query.data?.board ?? null, changed.value);
  const send = async (panels: Panels, expectedUpdatedAt: string | null) => {
    if (board === null || isBusy) return;
    tried.value = panels;
    const done = await run({ input: { boardId: board.boardId, panels, expectedUpdatedAt } });
    if (done === null) return;
    tried.value = null;
    changed.value = done.updateBoard.board;
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
  return { board, save: (wanted: Panels) => send(wanted, board?.updatedAt ?? null), refusal };
}

const newerOf = (loaded: Board | null, changed: Board | null): Board | null =>
  loaded !== null && changed?.boardId === loaded.boardId && changed.updatedAt > loaded.updatedAt
    ? changed
    : loaded;
