/** Why an item of telemetry became no event. */
export const IGNORED_REASONS = {
  OUTER_SPAN:
    'An agent, a workflow, a chain or a step. The model calls and tools inside it come by themselves.',
  OUTER_CALL: 'A model call around another one that was counted: two libraries described the same call.',
  INNER_CALL:
    'A model call within another one that was counted in an earlier request: two libraries described the same call.',
  COUNTED_ELSEWHERE:
    'Other telemetry of the same sender counts it: events beside metrics of tokens, the result of a tool beside ' +
    'the decision about it.',
  NO_MODEL: 'A model call that names no provider or no model.',
  NO_ID: 'A span of a model call without the id of the request, which would count it beside its event.',
  NO_STATUS: 'A request whose span has no status code, and no error.',
  NOTHING: 'A measurement of zero.',
  OTHER_SPAN: 'A span of something else, such as a query of a database or a call to another service.',
  OTHER_LOG: 'A log record that is no event that Telltale knows.',
  OTHER_METRIC: 'A metric that Telltale does not know.',
} as const;

export type IgnoredReason = keyof typeof IGNORED_REASONS;
