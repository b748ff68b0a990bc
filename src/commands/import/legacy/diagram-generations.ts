import { architectures } from '../../../declarations/generations/architectures.ts';
import { generations } from '../../../declarations/generations/generations.ts';
import type { AskedTarget } from '../target.ts';
import { from, type LegacySource, type LegacyState } from './source.ts';

const FIND = 'query ($generationId: String!) { architecture(generationId: $generationId) { id } }';
const SAVE = 'mutation ($input: SaveArchitectureInput!) { saveArchitecture(input: $input) { created } }';

const endUser = from('user_id', 'user');

/** A generator of diagrams, with the specifications that it made. */
export const diagramGenerations: LegacySource = {
  name: 'diagram-generation-metrics',
  title: 'Diagram generation metrics (diagrams.db)',
  signature: { events: ['timestamp', 'provider', 'success'], architectures: ['generation_id'] },
  tables: [
    {
      table: 'events',
      into: generations,
      identity: [],
      fields: {
        kind: from('diagram_type', 'type'),
        errorMessage: from('error'),
        totalTokens: from('tokens_used'),
        endUser,
      },
    },
    {
      table: 'architectures',
      into: architectures,
      fields: {
        name: from('title'),
        spec: from('architecture', 'architecture_spec'),
        kind: from('diagram_type', 'type'),
        createdAt: from('timestamp'),
        endUser,
      },
      store,
    },
  ],
  leftOut: { schema_version: 'The versions of its own tables.' },
};

/** An architecture that already exists stays as it is. */
async function store({ ask }: AskedTarget, { input }: LegacyState): Promise<'accepted' | 'duplicates'> {
  const { generationId } = input;
  const { architecture } = await ask<{ architecture: object | null }>(FIND, { generationId });
  if (architecture !== null) return 'duplicates';
  await ask(SAVE, { input });
  return 'accepted';
}
