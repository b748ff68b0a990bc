import { columnOf } from '../../../core/dataset/table.ts';
import { boards } from '../../../declarations/views/boards.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { changeInputs } from '../../../graphql/events/event-input.ts';
import { changedFields } from '../../../graphql/states/changed-fields.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import { toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { checkSeenVersion, seenVersionInput } from '../seen-version.ts';
import { inViews } from '../stored-views.ts';
import { boardColumns, boardIdInput, boardKey, boardPayload, panelsInput, requireBoard } from './board.ts';
import { checkPanels } from './check-panels.ts';
import type { PanelInput } from './panel.ts';

interface UpdateBoardInput extends Readonly<Record<string, unknown>> {
  readonly boardId: string;
  readonly panels?: readonly PanelInput[] | null;
  readonly expectedUpdatedAt?: Date | null;
}

const shownColumns = boardColumns.filter(({ name }) => name !== 'boardId');
const updatableColumns = [...shownColumns, columnOf(boards, 'panels')];

/** Adds `updateBoard`. */
export function addUpdateBoard(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<UpdateBoardInput>('UpdateBoardInput').implement({
    description: 'The board to change, and the fields to change. Omitted fields keep their values.',
    fields: (t) => ({
      ...boardIdInput(t),
      ...seenVersionInput(t),
      ...changeInputs(types, t, shownColumns),
      ...panelsInput(types, t, 'All panels in their order, replacing the current ones. Null: none.'),
    }),
  });
  builder.mutationField('updateBoard', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: boardPayload(types, 'updateBoard', 'The board as it is now.'),
      description:
        'Changes a board. `panels` replaces all of its panels: read the board, change the list, send it back with ' +
        'the `expectedUpdatedAt` that you have read. Setting a field to its current value changes nothing. ' +
        'CONFLICT if somebody else changed the board since (`extensions.current` holds it without its panels). ' +
        'NOT_FOUND if there is no such board.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateBoard(context, args.input),
    }),
  );
}

async function updateBoard(
  context: Context,
  { boardId, panels, expectedUpdatedAt, ...others }: UpdateBoardInput,
): Promise<Entity> {
  const { stateChecks, datasets } = context.services;
  const given = panels === undefined ? {} : { panels: checkPanels(datasets, panels ?? []) };
  const wanted = toPrismaValues(boards, stateChecks.toChanges(boards, { ...others, ...given }));
  return inViews(context, async (prisma) => {
    const present = await requireBoard(prisma, context, boardId);
    checkSeenVersion(boards, present, expectedUpdatedAt);
    if (changedFields(updatableColumns, present, wanted).length === 0) return present;
    const data = toPrismaData(boards, { ...wanted, updatedAt: nextInstant(context, present) });
    return prisma.board.update({ where: boardKey(context, boardId), data });
  });
}
