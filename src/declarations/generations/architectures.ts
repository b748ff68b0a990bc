import { json, text, texts } from '../../core/dataset/column.ts';
import { defineState } from '../../core/dataset/state.ts';
import { jsonText } from '../../core/search/json-text.ts';

/**
 * How many characters of a specification full-text search covers: as many as the index takes of a
 * column.
 */
const SEARCHED_SPEC_LENGTH = 66_666;

/** The specifications that generations produced (source 1, `architectures`). */
export const architectures = defineState({
  name: 'architectures',
  entity: 'Architecture',
  table: 'architectures',
  description:
    'The architecture that a generation produced, with its specification as JSON; one per generation.',
  naturalKey: 'generationId',
  byKey: {
    description: 'The architecture that a generation produced; null if there is none.',
    key: 'Identifies the generation.',
  },
  columns: {
    generationId: text({ verbatim: true, description: 'Identifies the generation that produced it.' }),
    name: text({ maxLength: 500, sortable: true, description: 'The name.' }),
    description: text({ optional: true, maxLength: 10_000, description: 'A description in words.' }),
    spec: json({
      maxLength: 1_000_000,
      description:
        'The specification: a JSON object of at most 1,000,000 characters. Full-text search ' +
        'covers the first 66,666 characters of the texts and numbers in it.',
    }),
    specText: text({
      source: 'server',
      hidden: true,
      textOf: 'spec',
      description: 'The texts and numbers inside `spec`, which full-text search looks into.',
    }),
    provider: text({
      verbatim: true,
      optional: true,
      description: 'Who served the model that made it, for example "openai".',
    }),
    model: text({ verbatim: true, optional: true, description: 'The model that made it.' }),
    kind: text({ optional: true, description: 'The diagram\'s type, for example "aws" or "c4".' }),
    endUser: text({ optional: true, description: 'The user for whom it was made.' }),
    tags: texts({ default: '[]', description: 'Keywords to find it by.' }),
  },
  searched: ['name', 'description', 'specText'],
  complete: (architecture) => {
    const spec: unknown = JSON.parse(architecture.spec);
    architecture.specText = jsonText(spec, SEARCHED_SPEC_LENGTH);
  },
});
