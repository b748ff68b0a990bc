/** A tab that GraphiQL opens with. Runs as it stands against the demo's data. */
export interface GraphiqlTab {
  readonly query: string;
  readonly variables?: string;
}

export const graphiqlTabs: readonly GraphiqlTab[] = [];
