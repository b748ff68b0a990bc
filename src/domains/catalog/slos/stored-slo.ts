import type { StoredSlo } from '../../../analytics/slos/slo.ts';
import { TelltaleError } from '../../../core/errors.ts';
import { derivedId } from '../../../core/ids.ts';
import { slos } from '../../../declarations/catalog/slos.ts';
import type { Context } from '../../../graphql/context.ts';
import type { StateTransaction } from '../../../graphql/states/state-values.ts';

/** Identifies an SLO for Prisma. */
export function sloKey({ projectId }: Context, sloId: string) {
  return { projectId_id: { projectId, id: derivedId(projectId, slos.name, sloId) } };
}

/** @throws TelltaleError NOT_FOUND if there is none. */
export async function requireSlo(
  prisma: StateTransaction,
  context: Context,
  sloId: string,
): Promise<StoredSlo> {
  const slo = await prisma.slo.findUnique({ where: sloKey(context, sloId) });
  if (slo !== null) return slo;
  throw new TelltaleError('NOT_FOUND', `There is no SLO "${sloId}".`, { argument: 'input.sloId' });
}
