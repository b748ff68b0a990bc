import { type GraphiqlTab, tabOf } from './tab.ts';

const record = /* GraphQL */ `# Records a generation together with the
# architecture that it produced: either both are
# stored or neither. Run it a second time: it
# counts as a duplicate.
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
        description: 'Sends up to a million e-mails per hour.',
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

const search = /* GraphQL */ `# Full-text search over names, descriptions and
# specifications. Syntax: word, "phrase",
# -excluded, prefix*.
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

const periods = /* GraphQL */ `# Diagrams and model calls per week. Weeks begin
# on Monday at midnight in the time zone.
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

/** Diagrams: searching their architectures, recording one, counts per period. */
export const diagramTab: GraphiqlTab = tabOf(
  { query: search },
  { query: record, variables: recordVariables },
  { query: periods },
);
