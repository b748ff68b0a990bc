import { restartRules } from '../../../alerting/rules/slos-of-rules.ts';
import { slos } from '../../../declarations/catalog/slos.ts';
import type { Context } from '../../../graphql/context.ts';
import type { Entity } from '../../../graphql/entities/entity.ts';
import { changeInputs } from '../../../graphql/events/event-input.ts';
import { changedFields } from '../../../graphql/states/changed-fields.ts';
import { nextInstant } from '../../../graphql/states/next-instant.ts';
import { toPrismaData, toPrismaValues } from '../../../graphql/states/state-values.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import { sloColumns, sloIdInput, sloPayload } from './inputs.ts';
import { requireSlo, sloKey } from './stored-slo.ts';

interface UpdateSloInput extends Readonly<Record<string, unknown>> {
  readonly sloId: string;
}

/** A different dataset would make it a different SLO: its rules would measure other events. */
const FIXED: readonly string[] = ['sloId', 'dataset'];
const updatableColumns = sloColumns.filter(({ name }) => !FIXED.includes(name));

/** The columns that burn rates depend on. */
const MEASURED: readonly string[] = ['filter', 'good', 'objective'];

/** Adds `updateSlo`. */
export function addUpdateSlo(types: TypeRegistry): void {
  const { builder } = types;
  const input = builder.inputRef<UpdateSloInput>('UpdateSloInput').implement({
    description: 'The SLO to change, and the fields to change. Omitted fields keep their values.',
    fields: (t) => ({ ...sloIdInput(t), ...changeInputs(types, t, updatableColumns) }),
  });
  builder.mutationField('updateSlo', (t) =>
    t.field({
      authScopes: { admin: true },
      type: sloPayload(types, 'updateSlo', 'The SLO as it is now.'),
      description:
        'Changes an SLO, except its dataset. If `filter`, `good` or `objective` change, the alerts ' +
        'of the rules that evaluate it are resolved (RULE_CHANGED), and their evaluation starts ' +
        'from scratch. A change is rejected if one of these rules could then never fire, or would ' +
        'always fire. Setting a field to its current value changes nothing.',
      args: { input: t.arg({ type: input, required: true, description: 'The change.' }) },
      resolve: (_root, args, context) => updateSlo(context, args.input),
    }),
  );
}

async function updateSlo(context: Context, { sloId, ...fields }: UpdateSloInput): Promise<Entity> {
  const { stateChecks, clock, alerting } = context.services;
  const wanted = toPrismaValues(slos, stateChecks.toChanges(slos, fields));
  const { slo, restarted } = await alerting.alertBook.change(context.projectId, async (_writer, prisma) => {
    const present = await requireSlo(prisma, context, sloId);
    const changed = changedFields(updatableColumns, present, wanted);
    if (changed.length === 0) return { slo: present, restarted: [] };
    const changes = Object.fromEntries(changed.map((field) => [field, wanted[field]]));
    const next = { ...present, ...changes };
    alerting.toSlo(next);
    const rules = changed.some((field) => MEASURED.includes(field))
      ? await restartRules(prisma, next, { toRule: alerting.toRule, now: clock.now() })
      : [];
    const data = toPrismaData(slos, { ...changes, updatedAt: nextInstant(context, present) });
    return { slo: await prisma.slo.update({ where: sloKey(context, sloId), data }), restarted: rules };
  });
  for (const rule of restarted) await alerting.endOrphans({ rule });
  return slo;
}
