import { TelltaleError } from '../../../core/errors.ts';
import { slos } from '../../../declarations/catalog/slos.ts';
import type { Context } from '../../../graphql/context.ts';
import { type Entity, toState } from '../../../graphql/entities/entity.ts';
import { columnInputs } from '../../../graphql/events/event-input.ts';
import { presentState, toPrismaData } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { sloColumns, sloPayload } from './inputs.ts';
import { sloKey } from './stored-slo.ts';

/** Adds `createSlo`. */
export function addCreateSlo(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<Record<string, unknown>>('CreateSloInput').implement({
    description: 'A new SLO.',
    fields: (t) => columnInputs(types, t, sloColumns),
  });
  builder.mutationField('createSlo', (t) =>
    t.field({
      authScopes: { admin: true },
      type: sloPayload(types, 'createSlo', 'The new SLO.'),
      description:
        'Adds a service level objective. Its `status` includes events that were recorded before. ' +
        'CONFLICT if an SLO with this `sloId` exists: `extensions.current` holds its current state.',
      args: { input: t.arg({ type: input, required: true, description: 'The SLO.' }) },
      resolve: (_root, args, context) => createSlo(context, args.input),
    }),
  );
}

function createSlo(context: Context, input: Readonly<Record<string, unknown>>): Promise<Entity> {
  const { stateChecks } = context.services;
  const { alertBook, toSlo } = context.services.alerting;
  const slo = toState(slos, stateChecks.toRow(slos, context.projectId, input));
  toSlo(slo);
  // Uses the lock of alert rules, which name SLOs.
  return alertBook.change(context.projectId, async (_writer, prisma) => {
    const present = await prisma.slo.findUnique({ where: sloKey(context, slo.sloId) });
    if (present !== null) {
      throw new TelltaleError('CONFLICT', `The SLO "${slo.sloId}" already exists: update it instead.`, {
        argument: 'input.sloId',
        current: presentState(slos, present),
      });
    }
    return prisma.slo.create({ data: toPrismaData(slos, slo) });
  });
}
