import { TelltaleError } from '../../core/errors.ts';
import type { Context } from '../../graphql/context.ts';
import type { StateTransaction } from '../../graphql/states/state-values.ts';

/** Changes the views and boards of a project: one change after another, on all instances. */
export function inViews<Value>(
  { projectId, services }: Context,
  work: (prisma: StateTransaction) => Promise<Value>,
): Promise<Value> {
  return services.store.transact(`views:${projectId}`, work);
}

/** The caller as `createdBy` shows it. */
export async function makerOf({ caller, services }: Context): Promise<string | null> {
  const key = caller.keyId === null ? null : await services.keys.get(caller.keyId);
  return key && (key.name ?? key.start);
}

/** @throws TelltaleError CONFLICT if the project already has the maximum number of them */
export function requireRoom(what: string, present: number, most: number): void {
  if (present < most) return;
  throw new TelltaleError('CONFLICT', `The project already has ${most} ${what}: delete some first.`);
}
