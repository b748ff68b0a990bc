import { InvalidArgument, TelltaleError } from '../../../core/errors.ts';
import { projectPrices } from '../../../declarations/llm/project-prices.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { entityPayload } from '../../../graphql/states/entity-payload.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import { toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { priceColumns, toPrice, turnOf } from './inputs.ts';

/** Every instance holds the prices of all projects in memory. */
const MAX_PRICES = 5_000;

/** Adds `setPrice`. */
export function addSetPrice(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('SetPriceInput').implement({
    description: 'A price of a model.',
    fields: (t) => columnInputs(types, t, priceColumns),
  });
  builder.mutationField('setPrice', (t) =>
    t.field({
      authScopes: { admin: true },
      type: entityPayload(types, projectPrices, {
        mutation: 'setPrice',
        field: 'price',
        which: 'The price as it is stored.',
      }),
      description:
        'Sets the price of a model for the project from a given time on. It replaces the price ' +
        'with the same provider, model, `serviceTier` and `validFrom`. It applies to calls that ' +
        'are recorded from now on: at once on this instance, within two seconds on others. Calls ' +
        'that are already recorded keep their cost until `recomputeCosts`.',
      args: { input: t.arg({ type: input, required: true, description: 'The price.' }) },
      resolve: (_root, args, context) => setPrice(context, args.input),
    }),
  );
}

async function setPrice(context: Context, input: Readonly<Record<string, unknown>>): Promise<Entity> {
  const { projectId, caller, services } = context;
  const price = { ...toPrice(context, input), setBy: caller.keyId };
  const { id, validFrom, validTo } = price;
  if (input['input'] == null && input['output'] == null)
    throw new InvalidArgument(
      'A price needs `input`, `output` or both, in USD per million tokens.',
      'input.input',
    );
  if (validFrom !== null && validTo !== null && validFrom >= validTo)
    throw new InvalidArgument('validTo must be after validFrom.', 'input.validTo');
  if (price.contextTiers !== null) services.prices.checkContextTiers(price.contextTiers);
  const stored = await services.store.transact(turnOf(context), async (prisma) => {
    const present = await prisma.projectPrice.findUnique({ where: { projectId_id: { projectId, id } } });
    if (present === null && (await prisma.projectPrice.count({ where: { projectId } })) >= MAX_PRICES)
      throw new TelltaleError('CONFLICT', `The project already has ${MAX_PRICES} prices: delete some first.`);
    const data = toPrismaData(projectPrices, {
      ...price,
      ...(present && { createdAt: present.createdAt, updatedAt: nextInstant(context, present) }),
    });
    return prisma.projectPrice.upsert({
      where: { projectId_id: { projectId, id } },
      create: data,
      update: data,
    });
  });
  await services.prices.refresh();
  return stored;
}
