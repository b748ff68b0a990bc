import { TelltaleError } from '../../../core/errors.ts';
import { boards } from '../../../declarations/views/boards.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { inViews, makerOf, requireRoom } from '../stored-views.ts';
import { boardColumns, boardKey, boardPayload, panelsInput } from './board.ts';
import { checkPanels } from './check-panels.ts';
import type { PanelInput } from './panel.ts';

const MAX_BOARDS = 200;

interface CreateBoardInput extends Readonly<Record<string, unknown>> {
  readonly panels?: readonly PanelInput[] | null;
}

/** Adds `createBoard`. */
export function addCreateBoard(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<CreateBoardInput>('CreateBoardInput').implement({
    description: 'A new board.',
    fields: (t) => ({
      ...columnInputs(types, t, boardColumns),
      ...panelsInput(types, t, 'The panels in their order, at most 50. Default: none.'),
    }),
  });
  builder.mutationField('createBoard', (t) =>
    t.field({
      authScopes: { ingest: true },
      type: boardPayload(types, 'createBoard', 'The new board.'),
      description:
        'Adds a board of panels that everybody in the project sees. CONFLICT if a board with this ' +
        '`boardId` exists (`extensions.current` holds it without its panels), or if there are ' +
        `${MAX_BOARDS} boards already.`,
      args: { input: t.arg({ type: input, required: true, description: 'The board.' }) },
      resolve: (_root, args, context) => createBoard(context, args.input),
    }),
  );
}

async function createBoard(context: Context, { panels, ...fields }: CreateBoardInput): Promise<Entity> {
  const { projectId, services } = context;
  const input = { ...fields, panels: checkPanels(services.datasets, panels ?? []) };
  const checked = toState(boards, services.stateChecks.toRow(boards, projectId, input));
  const board = { ...checked, createdBy: await makerOf(context) };
  return inViews(context, async (prisma) => {
    const present = await prisma.board.findUnique({ where: boardKey(context, board.boardId) });
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The board "${board.boardId}" already exists: update it instead.`, {
        argument: 'input.boardId',
        current: presentState(boards, present),
      });
    }
    requireRoom('boards', await prisma.board.count({ where: { projectId } }), MAX_BOARDS);
    return prisma.board.create({ data: toPrismaData(boards, board) });
  });
}
