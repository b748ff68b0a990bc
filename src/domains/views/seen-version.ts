import type { StateTable } from '../../core/dataset/state.ts';
import { TelltaleError } from '../../core/errors.ts';
import type { InputBuilder } from '../../graphql/builder.ts';
import type { Entity } from '../../graphql/entities/entity.ts';
import { presentState } from '../../graphql/states/state-values.ts';

/** The version that the caller has seen. The `updatedAt` of a state differs after each change. */
export function seenVersionInput(t: InputBuilder) {
  return {
    expectedUpdatedAt: t.field({
      type: 'DateTime',
      description:
        'The `updatedAt` that you have read. If the object has changed since, the mutation fails ' +
        'with CONFLICT, so that it does not overwrite changes that you have not seen. Default: any ' +
        'version.',
    }),
  };
}

/**
 * @throws TelltaleError CONFLICT, with the current state, if it was changed since the caller read
 *   it
 */
export function checkSeenVersion(
  table: StateTable,
  present: Entity & { readonly updatedAt: Date },
  expectedUpdatedAt: Date | null | undefined,
): void {
  if (expectedUpdatedAt == null || expectedUpdatedAt.getTime() === present.updatedAt.getTime()) return;
  const now = present.updatedAt.toISOString();
  throw new TelltaleError(
    'CONFLICT',
    `It was changed at ${now}, after you read it. Read it again, then send your change with ` +
      `\`expectedUpdatedAt: "${now}"\`. Without it, your change overwrites the other one.`,
    { argument: 'input.expectedUpdatedAt', current: presentState(table, present) },
  );
}
