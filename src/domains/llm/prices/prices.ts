import { columnOf } from '../../../core/dataset/table.ts';
import type { ShownPrice, ShownRates } from '../../../costs/prices.ts';
import { projectPrices } from '../../../declarations/llm/project-prices.ts';
import type { FieldBuilder, ObjectType } from '../../../graphql/builder.ts';
import { columnEnum, enumValues } from '../../../graphql/entities/column-types.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';

const SOURCES: Readonly<Record<ShownPrice['source'], string>> = {
  PROJECT: 'The project itself, by `setPrice`.',
  FILE: 'The file that `PRICES_FILE` names.',
  BOOK: 'The price list that comes with the server: @pydantic/genai-prices.',
};

/** The parts of a call that have prices, in the terms of `projectPrices`. */
const PARTS = [
  'input',
  'cachedInput',
  'cacheWrite',
  'audioInput',
  'imageInput',
  'output',
  'reasoning',
  'audioOutput',
] as const satisfies readonly (keyof ShownRates)[];

/** Adds `prices`. */
export function addPrices(types: TypeRegistry): void {
  const type = priceType(types);
  types.builder.queryField('prices', (t) =>
    t.field({
      authScopes: { read: true },
      type: [type],
      description:
        'The prices that apply to calls to a model at a given time: one for each service tier that ' +
        'has a price. Empty if no price is known; the cost of such calls is null.',
      args: {
        provider: t.arg.string({ required: true, description: 'As in `llmCalls`, for example "anthropic".' }),
        model: t.arg.string({
          required: true,
          description: 'As in `llmCalls`, for example "claude-sonnet-4-5".',
        }),
        at: t.arg({ type: 'DateTime', description: 'The time of the call. Default: now.' }),
      },
      resolve: (_root, { provider, model, at }, { projectId, services: { prices, clock } }) =>
        prices.at({ projectId, provider, model, timestamp: at?.getTime() ?? clock.now() }),
    }),
  );
}

function priceType(types: TypeRegistry): ObjectType<ShownPrice> {
  const { builder } = types;
  const source = builder.enumType('PriceSource', {
    description:
      'The source of a price. If several sources have a price at the time of a call, PROJECT comes ' +
      'before FILE, and FILE before BOOK.',
    values: enumValues(SOURCES),
  });
  const tier = tierType(types);
  const descriptionOf = (name: 'validFrom' | 'validTo') => columnOf(projectPrices, name).description;
  return builder.objectRef<ShownPrice>('ModelPrice').implement({
    description: 'The price of calls to a model in a service tier at a given time.',
    fields: (t) => ({
      source: t.expose('source', { type: source, description: 'The source of the price.' }),
      serviceTier: t.field({
        type: columnEnum(types, columnOf(projectPrices, 'serviceTier')),
        description: 'The price applies to calls in this tier.',
        resolve: (price) => price.serviceTier,
      }),
      provider: t.exposeString('provider', {
        description: 'The provider, by its name in the price list if that differs.',
      }),
      model: t.exposeString('model', {
        description: 'The model, by its name in the price list if that differs.',
      }),
      validFrom: t.expose('validFrom', {
        type: 'DateTime',
        nullable: true,
        description: descriptionOf('validFrom'),
      }),
      validTo: t.expose('validTo', {
        type: 'DateTime',
        nullable: true,
        description: descriptionOf('validTo'),
      }),
      dailyFrom: t.exposeString('dailyFrom', {
        nullable: true,
        description:
          'The price applies from this time of each day in UTC, for example "16:30". Null: at all hours.',
      }),
      dailyTo: t.exposeString('dailyTo', {
        nullable: true,
        description: 'The price applies until this time of each day in UTC, for example "00:30".',
      }),
      ...partFields(t, (price) => price.rates),
      perCall: t.exposeFloat('perCall', { description: 'USD per call, in addition to its tokens.' }),
      contextTiers: t.field({
        type: [tier],
        description:
          'Other prices for long prompts, in the order of `above`. The last one whose `above` the prompt exceeds ' +
          'applies to all tokens of the call.',
        resolve: (price) => price.contextTiers,
      }),
      unknownParts: t.stringList({
        description:
          'Parts whose price in this tier is unknown, for example ["cachedInput"]. Calls with such ' +
          'tokens have no known cost.',
        resolve: (price) => price.unknownParts,
      }),
    }),
  });
}

type ContextTier = ShownPrice['contextTiers'][number];

const tierType = (types: TypeRegistry): ObjectType<ContextTier> =>
  types.builder.objectRef<ContextTier>('ContextTierPrice').implement({
    description: 'Prices of calls with long prompts.',
    fields: (t) => ({
      above: t.exposeInt('above', {
        description: 'The prices apply to calls with more prompt tokens than this.',
      }),
      ...partFields(t, (tier) => tier.rates),
    }),
  });

const partFields = <Shape>(t: FieldBuilder<Shape>, ratesOf: (shape: Shape) => ShownRates) =>
  Object.fromEntries(
    PARTS.map((part) => [
      part,
      t.float({
        nullable: true,
        description: columnOf(projectPrices, part).description,
        resolve: (shape) => ratesOf(shape)[part],
      }),
    ]),
  );
