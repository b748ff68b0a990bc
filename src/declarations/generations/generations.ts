import { boolean, float, integer, money, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';
import { architectures } from './architectures.ts';

/** Diagram generations (source 1, `events`). */
export const generations = defineDataset({
  name: 'generations',
  entity: 'Generation',
  table: 'generations',
  description: 'One attempt to generate a diagram: the model, the duration, and whether it succeeded.',
  belongsToRequest: true,
  naturalKey: 'generationId',
  companion: {
    field: 'architecture',
    description:
      'The architecture that the generation produced, stored in the same transaction. It inherits ' +
      'provider, model, kind, user and time. If the generation already has an architecture, that ' +
      'one is kept. A generation that is sent again stores no architecture, so a deleted one stays ' +
      'deleted; `saveArchitecture` adds or replaces it.',
    state: architectures,
    inherits: {
      generationId: 'generationId',
      provider: 'provider',
      model: 'model',
      kind: 'kind',
      endUser: 'endUser',
      createdAt: 'timestamp',
    },
  },
  columns: {
    generationId: text({
      verbatim: true,
      description: 'Identifies the generation. There is one event per generation.',
    }),
    provider: text({
      verbatim: true,
      role: 'dimension',
      description: 'Who serves the model, for example "openai".',
    }),
    model: text({
      verbatim: true,
      role: 'dimension',
      optional: true,
      description: 'The model, as the provider names it.',
    }),
    kind: text({ role: 'dimension', description: 'The diagram\'s type, for example "aws" or "c4".' }),
    success: boolean({
      role: 'dimension',
      source: 'client-or-server',
      description:
        'Whether the generation succeeded. Default: true if there is neither `errorType` nor ' +
        '`errorMessage`. True together with one of them is valid and means that the generation ' +
        'recovered.',
    }),
    durationMs: float({
      role: 'measure',
      quantiles: true,
      description: 'Time to the finished diagram, in milliseconds.',
    }),
    cost: money({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'Cost in USD. Null means unknown, never free.',
    }),
    totalTokens: integer({
      role: 'measure',
      optional: true,
      quantiles: true,
      description: 'Tokens used, prompts and answers.',
    }),
    endUser: text({
      role: 'dimension',
      manyValues: true,
      optional: true,
      description: 'The user who asked for it.',
    }),
    errorType: text({
      role: 'dimension',
      optional: true,
      description: 'Class of the failure, for example "invalid_spec".',
    }),
    errorMessage: text({
      optional: true,
      maxLength: 4000,
      truncate: true,
      description: 'The failure in words. Secrets are masked.',
    }),
  },
  indexed: ['requestId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['provider'] },
    { dimensions: ['provider', 'model'] },
    { dimensions: ['kind'] },
    { dimensions: ['service', 'environment'] },
    {
      dimensions: ['provider', 'model', 'kind', 'success', 'service', 'environment'],
      grains: ['HOUR', 'DAY'],
    },
  ],
  complete: (generation) => {
    generation.success ??= generation.errorMessage === null && generation.errorType === null;
  },
});
