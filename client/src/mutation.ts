/** The one mutation that the client sends. Codegen reads it, too: `src/generated` has its types. */
export const RECORD_ACTIVITY = /* GraphQL */ `
  mutation RecordActivity($input: ActivityInput!) {
    recordActivity(input: $input) {
      accepted
      duplicates
      rejected { dataset index field code message }
    }
  }
`;
