/** One operation of a tab. It runs unchanged, even on an empty server; the demo shows more. */
export interface TabOperation {
  /** The document of this operation, with a comment above it. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * A tab that GraphiQL opens with. Its title is the name of its first operation. With several
 * operations, the run button asks which one to run.
 */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}

/**
 * Puts operations on one topic into one tab. Their variables share one pane, so the names of the
 * variables must differ.
 */
export function tabOf(...operations: readonly TabOperation[]): GraphiqlTab {
  const variables = Object.assign({}, ...operations.map((operation) => operation.variables));
  return {
    query: operations.map(({ query }) => query).join('\n'),
    ...(Object.keys(variables).length > 0 && { variables: JSON.stringify(variables, null, 2) }),
  };
}
