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
    description: 'The calls whose cost is recomputed from the current prices.',
    fields: (t) => ({
      range: t.field({
        type: timeRangeInput(types),
        required: true,
        description: 'The time range of the calls, for example { from: "2026-11-01T00:00:00Z" }.',
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
        which: 'The run: its result, or its progress so far.',
      }),
      description:
        'Recomputes `cost` and `savedCost` of recorded calls from the prices that now apply at the ' +
        'times of the calls, and updates the totals. Values that were sent with calls stay, ' +
        'be it `cost` or `savedCost`, and so do the totals of days whose calls retention has removed. Recording continues ' +
        'meanwhile. Returns when the run is DONE, or after ten seconds; the run then continues, ' +
        'and `costCorrections` shows its progress. With `dryRun`, it only reports what would ' +
        'change. CONFLICT while another run is in progress in the project.',
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
