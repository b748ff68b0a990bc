import { TelltaleError } from '../../../core/errors.ts';
import { derivedId } from '../../../core/ids.ts';
import { boards } from '../../../declarations/views/boards.ts';
import type { InputBuilder, ObjectType } from '../../../graphql/builder.ts';
import type { Context } from '../../../graphql/context.ts';
import { addStateField, type Entity } from '../../../graphql/entities/entity.ts';
import { needs } from '../../../graphql/entities/selected.ts';
import { inputColumns } from '../../../graphql/events/event-input.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { type Panel, panelInput, panelType } from './panel.ts';

/** Adds `Board.panels`. */
export function addBoard(types: TypeRegistry): void {
  const type = panelType(types);
  addStateField(types, boards, 'panels', (t) =>
    t.field({
      ...needs(boards, ['panels']),
      type: [type],
      description:
        'The panels in their order: from left to right, with a new line when a panel does not fit.',
      // The mutations check panels before they store them.
      resolve: ({ panels }) => panels as readonly Panel[],
    }),
  );
}

/** The columns that a client may set as they are. */
export const boardColumns = inputColumns(boards).filter(
  ({ name, hidden }) => name !== 'createdAt' && !hidden,
);

/** Identifies the board that a mutation is about. */
export function boardIdInput(t: InputBuilder) {
  return { boardId: t.string({ required: true, description: 'The board, by its id.' }) };
}

/** The input field for the panels of a board. */
export function panelsInput(types: TypeRegistry, t: InputBuilder, description: string) {
  return { panels: t.field({ type: [panelInput(types)], description }) };
}

/** `CreateBoardPayload` for `createBoard`. `which` describes the board in it. */
export function boardPayload(types: TypeRegistry, mutation: string, which: string): ObjectType<Entity> {
  return entityPayload(types, boards, { mutation, field: 'board', which });
}

/** Identifies a board for Prisma. */
export function boardKey({ projectId }: Context, boardId: string) {
  return { projectId_id: { projectId, id: derivedId(projectId, boards.name, boardId) } };
}

/** @throws TelltaleError NOT_FOUND if there is none. */
export async function requireBoard(prisma: StateTransaction, context: Context, boardId: string) {
  const board = await prisma.board.findUnique({ where: boardKey(context, boardId) });
  if (board !== null) return board;
  throw new TelltaleError('NOT_FOUND', `There is no board "${boardId}".`, { argument: 'input.boardId' });
}
