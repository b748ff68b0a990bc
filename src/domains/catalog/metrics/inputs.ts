import type { InputBuilder } from '../../../graphql/builder.ts';

/** Identifies the metric that a mutation is about. */
export function metricIdInput(t: InputBuilder) {
  return { metricId: t.string({ required: true, description: 'The metric, by its id in the catalog.' }) };
}

/** The version that the caller has seen. */
export function expectedVersionInput(t: InputBuilder) {
  return {
    expectedVersion: t.int({
      description:
        'The `version` that you have read. If the current version differs, the mutation fails ' +
        'with CONFLICT, so that it does not overwrite changes that you have not seen. Default: ' +
        'any version.',
    }),
  };
}

/** The version that the caller has seen, who changes the metric, and why. */
export function versionInputs(t: InputBuilder) {
  return {
    ...expectedVersionInput(t),
    changedBy: t.string({ required: true, description: 'Who makes the change. Not blank.' }),
    comment: t.string({ description: 'The reason, in words; at most 2,000 characters.' }),
  };
}
