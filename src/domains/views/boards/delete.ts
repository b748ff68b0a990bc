import { boards } from '../../../declarations/views/boards.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkSeenVersion, seenVersionInput } from '../seen-version.ts';
import { inViews } from '../stored-views.ts';
import { boardIdInput, boardKey, boardPayload, requireBoard } from './board.ts';

/** Adds `deleteBoard`. */
export function addDeleteBoard(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteBoardInput', {
    description: 'The board to delete.',
    fields: (t) => ({ ...boardIdInput(t), ...seenVersionInput(t) }),
  });
  builder.mutationField('deleteBoard', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: boardPayload(types, 'deleteBoard', 'The board in its last state.'),
      description:
        'Deletes a board. CONFLICT if `expectedUpdatedAt` is not its `updatedAt`. NOT_FOUND if there is no such board.',
      args: { input: t.arg({ type: input, required: true, description: 'The board.' }) },
      resolve: (_root, { input: { boardId, expectedUpdatedAt } }, context) =>
        inViews(context, async (prisma) => {
          const present = await requireBoard(prisma, context, boardId);
          checkSeenVersion(boards, present, expectedUpdatedAt);
          return prisma.board.delete({ where: boardKey(context, boardId) });
        }),
    }),
  );
}
