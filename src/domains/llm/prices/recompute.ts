import { costCorrections } from '../../../declarations/llm/cost-corrections.ts';
import { readTimeRange, type TimeRangeInput, timeRangeInput } from '../../../graphql/analytics/time-range.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { columnInputs, inputColumns } from '../../../graphql/events/event-input.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

/** How long the mutation waits for a correction, which then continues in the background. */
const PATIENCE_MS = 10_000;

/** Adds `recomputeCosts`. */
export function addRecomputeCosts(types: TypeRegistry): void {
  const { builder } = types;
  const columns = inputColumns(costCorrections).filter(({ name }) =>
    ['provider', 'model', 'dryRun', 'reason'].includes(name),
  );
  const input = builder.inputRef<Record<string, unknown>>('RecomputeCostsInput').implement({
    description: 'Which calls get the cost that the prices say now.',
    fields: (t) => ({
      range: t.field({
        type: timeRangeInput(types),
        required: true,
        description: 'Calls of this time, for example { from: "2026-11-01T00:00:00Z" }.',
      }),
      ...columnInputs(types, t, columns),
    }),
  });
  builder.mutationField('recomputeCosts', (t) =>
    t.field({
      authScopes: { admin: true },
      type: entityPayload(types, costCorrections, {
        mutation: 'recomputeCosts',
        field: 'correction',
        which: 'What was done, or how far it is.',
      }),
      description:
        'Computes `cost` and `savedCost` of recorded calls anew, by the prices that hold now for the times of the ' +
        'calls, and makes the totals follow. That includes the `savedCost` of cached calls, also one that a sender ' +
        'sent without a cost. Costs that senders sent stay, and so do the totals of days whose calls retention ' +
        'has removed. Recording continues meanwhile. Returns when it is DONE, after ten seconds ' +
        'at the latest; then it goes on, and `costCorrections` says how far it is. With `dryRun`, it only says ' +
        'what would change. CONFLICT while another one of the project is under way.',
      args: { input: t.arg({ type: input, required: true, description: 'The calls.' }) },
      resolve: (_root, args, context) => recomputeCosts(context, args.input),
    }),
  );
}

async function recomputeCosts(context: Context, input: Readonly<Record<string, unknown>>): Promise<Entity> {
  const { projectId, caller, services } = context;
  const { corrections, clock, stateChecks, store } = services;
  const { range: asked, ...fields } = input;
  const range = readTimeRange(asked as TimeRangeInput, clock.now(), 'input.range');
  const given = stateChecks.toChanges(costCorrections, fields);
  const id = await corrections.begin({
    ...{ projectId, range, requestedBy: caller.keyId },
    provider: textOf(given['provider']),
    model: textOf(given['model']),
    dryRun: given['dryRun'] === true,
    reason: textOf(given['reason']),
  });
  const start = performance.now();
  await corrections.work({ projectId, id }, () => performance.now() - start < PATIENCE_MS);
  return store.prisma.costCorrection.findUniqueOrThrow({ where: { projectId_id: { projectId, id } } });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
