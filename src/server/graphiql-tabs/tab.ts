/** A tab that GraphiQL opens with. Runs as it stands, best on the demo's data. */
export interface GraphiqlTab {
  readonly query: string;
  /** JSON. */
  readonly variables?: string;
}
