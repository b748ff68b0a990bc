import { rulesOfSlo } from '../../../alerting/rules/slos-of-rules.ts';
import { TelltaleError } from '../../../core/errors.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { sloIdInput, sloPayload } from './inputs.ts';
import { requireSlo, sloKey } from './stored-slo.ts';

/** Adds `deleteSlo`. */
export function addDeleteSlo(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputType('DeleteSloInput', {
    description: 'The SLO to delete.',
    fields: sloIdInput,
  });
  builder.mutationField('deleteSlo', (t) =>
    t.field({
      authScopes: { admin: true },
      type: sloPayload(types, 'deleteSlo', 'The SLO in its last state.'),
      description:
        'Deletes an SLO. CONFLICT while alert rules evaluate it, disabled ones included: ' +
        '`extensions.alertRules` holds their ids.',
      args: { input: t.arg({ type: input, required: true, description: 'The SLO.' }) },
      resolve: (_root, args, context) => deleteSlo(context, args.input.sloId),
    }),
  );
}

function deleteSlo(context: Context, sloId: string): Promise<Entity> {
  return context.services.alerting.alertBook.change(context.projectId, async (_writer, prisma) => {
    const slo = await requireSlo(prisma, context, sloId);
    const alertRules = (await rulesOfSlo(prisma, slo)).map(({ ruleId }) => ruleId);
    if (alertRules.length > 0)
      throw new TelltaleError(
        'CONFLICT',
        `Alert rules evaluate the SLO "${sloId}": ${alertRules.join(', ')}. Delete them first, or let them ` +
          'evaluate another one.',
        { argument: 'input.sloId', alertRules },
      );
    return prisma.slo.delete({ where: sloKey(context, sloId) });
  });
}
