/** Why an item of telemetry became no event. */
export const IGNORED_REASONS = {
  OUTER_SPAN:
    'An agent, a workflow, a chain or a step. The model calls and tools inside it have their own spans.',
  OUTER_CALL: 'A model call around another one that was counted: two libraries described the same call.',
  INNER_CALL:
    'A model call within another one that was counted in an earlier request: two libraries described the same call.',
  COUNTED_ELSEWHERE:
    'Other telemetry of the same sender already counts it, for example events that were sent in ' +
    'addition to token metrics, or a tool result in addition to the decision about the tool.',
  NO_MODEL: 'A model call without a provider or a model.',
  NO_ID:
    'A span of a model call without a request id, so the call would be counted twice: once for the ' +
    'span and once for its event.',
  NO_STATUS: 'A request whose span has no status code, and no error.',
  NOTHING: 'A data point with the value zero.',
  OTHER_SPAN: 'A span of something else, such as a database query or a call to another service.',
  OTHER_LOG: 'A log record that is not an event that Telltale knows.',
  OTHER_METRIC: 'A metric that Telltale does not know.',
} as const;

export type IgnoredReason = keyof typeof IGNORED_REASONS;
