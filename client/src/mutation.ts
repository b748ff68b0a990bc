/**
 * The only mutation that the client sends. Codegen also reads it: `src/generated` has its types.
 */
export const RECORD_ACTIVITY = /* GraphQL */ `
  mutation RecordActivity($input: ActivityInput!) {
    recordActivity(input: $input) {
      accepted
      duplicates
      rejected { dataset index field code message }
    }
  }
`;
