/** One operation of a tab. Runs as it stands, on an empty server too; best on the demo's data. */
export interface TabOperation {
  /** The document of this one operation, with a comment above it. */
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * A tab that GraphiQL opens with. The first operation gives it its title; with several, the run
 * button asks which.
 */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}

/**
 * Operations of one subject as one tab. Names of variables must differ, because they share the
 * pane.
 */
export function tabOf(...operations: readonly TabOperation[]): GraphiqlTab {
  const variables = Object.assign({}, ...operations.map((operation) => operation.variables));
  return {
    query: operations.map(({ query }) => query).join('\n'),
    ...(Object.keys(variables).length > 0 && { variables: JSON.stringify(variables, null, 2) }),
  };
}
