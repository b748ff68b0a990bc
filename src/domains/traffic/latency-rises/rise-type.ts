import { gitCommits } from '../../../declarations/agents/git-commits.ts';
import { entityType } from '../../../graphql/entities/entity.ts';
import { createEntityLoader } from '../../../graphql/entities/load-one.ts';
import { costsRows } from '../../../graphql/limits/field-cost.ts';
import type { TypeRegistry } from '../../../graphql/type-registry.ts';
import type { LatencyRise, Stretch } from './read-rises.ts';

/** `LatencyRise`. */
export function latencyRise(types: TypeRegistry) {
  const load = createEntityLoader(gitCommits);
  const stretch = stretchType(types);
  return types.builder.objectRef<LatencyRise>('LatencyRise').implement({
    description: 'A change of the software after which requests took longer.',
    fields: (t) => ({
      release: t.exposeString('release', {
        nullable: true,
        description: 'The new release; null with `by: COMMIT`.',
      }),
      commit: t.field({
        type: entityType(types, gitCommits),
        nullable: true,
        extensions: costsRows(1),
        description: 'The commit, or the one whose full hash is `release`; null if it is not stored.',
        resolve: ({ commitId }, _args, context, info) => load(context, info, commitId),
      }),
      at: t.expose('at', {
        type: 'DateTime',
        description: 'When the commit was made, or the first request of the release.',
      }),
      before: t.expose('before', { type: stretch, description: 'The requests before it.' }),
      after: t.expose('after', { type: stretch, description: 'The requests after it.' }),
      rise: t.exposeFloat('rise', {
        description: 'The relative rise of `p95LatencyMs`: 0.5 means that it rose by half.',
      }),
    }),
  });
}

function stretchType({ builder }: TypeRegistry) {
  return builder.objectRef<Stretch>('LatencyStretch').implement({
    description: 'The requests before or after a change.',
    fields: (t) => ({
      from: t.expose('from', { type: 'DateTime', description: 'Start, inclusive.' }),
      to: t.expose('to', { type: 'DateTime', description: 'End, exclusive.' }),
      requests: t.expose('count', { type: 'SafeInt', description: 'Number of requests.' }),
      p95LatencyMs: t.exposeFloat('p95', {
        nullable: true,
        description: 'The 95th percentile of their latency in milliseconds; null if there are none.',
      }),
    }),
  });
}
