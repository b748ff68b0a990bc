/**
 * The list that every server must return: the newest 50 calls with 12 fields, among them a time, an
 * amount of money and a boolean.
 */
export const LIST = `{ llmCalls(first: 50) { nodes {
  id timestamp service environment provider model success promptTokens completionTokens totalTokens cost latencyMs
} } }`;

export const TYPENAME = '{ __typename }';

/** The schema of the peers: the part of Telltale's schema that the queries use. */
export const SDL = `
  type Query { llmCalls(first: Int): LlmCallConnection! }
  type LlmCallConnection { nodes: [LlmCall!]! }
  type LlmCall {
    id: ID!
    timestamp: String!
    service: String
    environment: String
    provider: String!
    model: String!
    success: Boolean!
    promptTokens: Int!
    completionTokens: Int!
    totalTokens: Int!
    cost: Float
    latencyMs: Float!
  }
`;
