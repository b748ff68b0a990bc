import { boolean, integer, text } from '../../core/dataset/column.ts';
import { defineDataset } from '../../core/dataset/dataset.ts';

/** Uses of prompt techniques (source 0, `technique_usage`). */
export const techniqueUsages = defineDataset({
  name: 'techniqueUsages',
  entity: 'TechniqueUsage',
  table: 'technique_usages',
  description: 'One use of a suite of prompt techniques on a request, and whether it succeeded.',
  belongsToRequest: true,
  columns: {
    techniqueSuite: text({
      role: 'dimension',
      description: 'The suite of techniques, for example "chain-of-thought".',
    }),
    potencyLevel: integer({
      role: 'dimension',
      min: 1,
      max: 10,
      description: 'How strongly it was applied, 1 to 10.',
    }),
    success: boolean({ role: 'dimension', description: 'Whether the technique reached its goal.' }),
    transformersCount: integer({
      role: 'measure',
      default: 0,
      quantiles: true,
      description: 'Number of prompt transformers that were applied.',
    }),
  },
  indexed: ['requestId'],
  rollups: [
    { dimensions: [] },
    { dimensions: ['techniqueSuite', 'potencyLevel'] },
    { dimensions: ['service', 'environment'] },
    {
      dimensions: ['techniqueSuite', 'potencyLevel', 'success', 'service', 'environment'],
      grains: ['HOUR', 'DAY'],
    },
  ],
});
