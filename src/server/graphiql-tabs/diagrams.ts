import { type GraphiqlTab, tabOf } from './tab.ts';

const record = /* GraphQL */ `# Records a generation together with the
# architecture that it produced: both or neither.
# Run it again: a duplicate.
mutation RecordDiagram(
  $generations: [GenerationInput!]!
) {
  recordGenerations(input: $generations) {
    accepted
    duplicates
    rejected {
      index
      field
      message
    }
    ids
  }
}
`;

const recordVariables = {
  generations: [
    {
      generationId: 'graphiql-1',
      service: 'graphiql',
      provider: 'openai',
      model: 'gpt-4o',
      kind: 'aws',
      durationMs: 5300,
      totalTokens: 2100,
      cost: 0.0105,
      architecture: {
        name: 'Newsletter sender',
        description: 'Sends a million letters in an hour.',
        spec: {
          nodes: [
            { id: 'n1', label: 'SQS queue' },
            { id: 'n2', label: 'Mail worker' },
          ],
          edges: [['n1', 'n2']],
        },
        tags: ['mail', 'event-driven'],
      },
    },
  ],
};

const search = /* GraphQL */ `# Full text over names, descriptions and what is
# inside the specifications: words, "phrases",
# -without, begin*.
# Several operations: the run button asks which.
query Diagrams {
  searchArchitectures(
    query: "queue -kafka"
    first: 5
  ) {
    results {
      score
      snippets {
        field
        text
      }
      architecture {
        generationId
        name
        tags
        generation {
          provider
          model
          durationMs
          cost
        }
      }
    }
  }
}
`;

const periods = /* GraphQL */ `# Diagrams and model calls per week, in the
# calendar of a time zone.
query DiagramsPerWeek {
  metricsByPeriod(
    period: WEEK
    range: { last: "P30D" }
    timeZone: "Europe/Berlin"
  ) {
    start
    end
    generations
    generationSuccessRate
    averageDurationMs
    generationCost
    calls
    callCost
  }
}
`;

/** Diagrams found by their architectures, recorded, and counted. */
export const diagramTab: GraphiqlTab = tabOf(
  { query: search },
  { query: record, variables: recordVariables },
  { query: periods },
);
