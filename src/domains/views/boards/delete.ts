import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inViews } from '../stored-views.ts';
import { boardIdInput, boardKey, boardPayload, requireBoard } from './board.ts';

/** Adds `deleteBoard`. */
export function addDeleteBoard(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteBoardInput', {
    description: 'The board to delete.',
    fields: boardIdInput,
  });
  builder.mutationField('deleteBoard', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: boardPayload(types, 'deleteBoard', 'The board in its last state.'),
      description: 'Deletes a board. NOT_FOUND if there is no such board.',
      args: { input: t.arg({ type: input, required: true, description: 'The board.' }) },
      resolve: (_root, { input: { boardId } }, context) =>
        inViews(context, async (prisma) => {
          await requireBoard(prisma, context, boardId);
          return prisma.board.delete({ where: boardKey(context, boardId) });
        }),
    }),
  );
}
