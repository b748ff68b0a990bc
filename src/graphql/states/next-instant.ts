import type { Context } from '../context.ts';

/**
 * The instant of a change that happens now. It is later than the last change, whatever the clocks
 * of the instances say, so `updatedAt` distinguishes the versions of a state.
 *
 * @param before the stored state
 */
export function nextInstant({ services }: Context, before: { readonly updatedAt: Date }): Date {
  return new Date(Math.max(services.clock.now(), before.updatedAt.getTime() + 1));
}
