import type { Context } from '../context.ts';

/**
 * When a state changes now. The versions of a state ascend in time, whatever the clocks of the
 * instances say: who has read one version knows the next by it.
 *
 * @param before the state as it is stored
 */
export function nextInstant({ services }: Context, before: { readonly updatedAt: Date }): Date {
  return new Date(Math.max(services.clock.now(), before.updatedAt.getTime() + 1));
}
